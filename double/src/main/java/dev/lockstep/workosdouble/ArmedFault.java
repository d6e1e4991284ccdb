package dev.lockstep.workosdouble;

import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A fault that waits for its turn: the next so many times, or each time with a probability. Guarded by {@link Faults}. */
final class ArmedFault {
    private final Fault fault;
    private final double rate;
    private final long seed;
    private final SplittableRandom random;

    /** Only falls; not used with a rate. */
    private int left;

    private ArmedFault(Fault fault, int left, double rate, long seed) {
        this.fault = fault;
        this.left = left;
        this.rate = rate;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    static ArmedFault next(Fault fault, int count) {
        return new ArmedFault(fault, count, 0, 0);
    }

    static ArmedFault atRate(Fault fault, double rate, long seed) {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("the rate is " + rate + ", it must be above 0 and at most 1");
        }
        return new ArmedFault(fault, 0, rate, seed);
    }

    Fault fault() {
        return fault;
    }

    /** Whether it happens this time. With a rate the lot is drawn on every asking, so that a seed repeats a run. */
    boolean strikes() {
        if (rate > 0) {
            return random.nextDouble() < rate;
        }
        return left-- > 0;
    }

    /** How often it has still to strike; 0 with a rate. */
    int left() {
        return Math.max(0, left);
    }

    boolean isSpent() {
        return rate == 0 && left <= 0;
    }

    /** As the HTTP door shows it. */
    Shown shown() {
        return rate > 0 ? new Shown(fault, null, rate, seed) : new Shown(fault, left, null, null);
    }

    /** As the HTTP door takes and shows it: a count, or a rate with a seed. */
    record Shown(
            Fault fault,
            @Nullable Integer count,
            @Nullable Double rate,
            @Nullable Long seed) {
        Shown {
            Objects.requireNonNull(fault, "fault");
        }

        ArmedFault armed() {
            if (rate != null) {
                return atRate(fault, rate, seed == null ? 0 : seed);
            }
            return next(fault, count == null ? 1 : count);
        }
    }
}
