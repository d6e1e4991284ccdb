package dev.lockstep.starter;

import dev.lockstep.live.function.FunctionObserver;
import dev.lockstep.live.function.LiveFunctions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and times the runs of live functions on this node since its start, and hands what broke to the error tracker.
 * Thread-safe.
 */
final class FunctionTimes implements FunctionObserver {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionTimes.class);

    private final ErrorTracker tracker;
    private final Map<String, Runs> functions = new ConcurrentHashMap<>();

    FunctionTimes(ErrorTracker tracker) {
        this.tracker = tracker;
    }

    /**
     * The runs of one function.
     *
     * @param refused the function said no, or its arguments did not fit
     * @param failed it broke
     */
    record Standing(
            String name,
            LiveFunctions.Kind kind,
            long done,
            long refused,
            long failed,
            Duration total,
            Duration slowest) {
        /** How long a run takes on average. */
        Duration mean() {
            long runs = done + refused + failed;
            return runs == 0 ? Duration.ZERO : total.dividedBy(runs);
        }
    }

    @Override
    public void ran(LiveFunctions.Kind kind, String path, End end, long nanos) {
        functions.computeIfAbsent(path, name -> new Runs(kind)).add(end, nanos);
    }

    @Override
    public void failed(String path, String requestId, RuntimeException cause) {
        try {
            tracker.failed(
                    new ErrorTracker.Failure("LIVE_FUNCTION_FAILED", requestId, "live " + path, Map.of(), cause));
        } catch (RuntimeException broken) {
            LOG.error("an error tracker failed; the function is not affected", broken);
        }
    }

    /** Every function that ran, the one that took the most time first. */
    List<Standing> standings() {
        return functions.entrySet().stream()
                .map(entry -> entry.getValue().standing(entry.getKey()))
                .sorted(Comparator.comparing(Standing::total).reversed())
                .toList();
    }

    /** Runs of all functions of a kind that ended so. */
    long runs(LiveFunctions.Kind kind, End end) {
        return functions.values().stream()
                .filter(runs -> runs.kind == kind)
                .mapToLong(runs -> runs.of(end))
                .sum();
    }

    /** How long all functions of a kind took together, in seconds. */
    double seconds(LiveFunctions.Kind kind) {
        return functions.values().stream()
                        .filter(runs -> runs.kind == kind)
                        .mapToLong(runs -> runs.nanos.sum())
                        .sum()
                / 1e9;
    }

    private static final class Runs {
        private final LiveFunctions.Kind kind;
        private final LongAdder done = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);

        Runs(LiveFunctions.Kind kind) {
            this.kind = kind;
        }

        void add(End end, long took) {
            adder(end).increment();
            nanos.add(took);
            slowest.accumulate(took);
        }

        long of(End end) {
            return adder(end).sum();
        }

        private LongAdder adder(End end) {
            return switch (end) {
                case DONE -> done;
                case REFUSED -> refused;
                case FAILED -> failed;
            };
        }

        Standing standing(String name) {
            return new Standing(
                    name,
                    kind,
                    of(End.DONE),
                    of(End.REFUSED),
                    of(End.FAILED),
                    Duration.ofNanos(nanos.sum()),
                    Duration.ofNanos(slowest.get()));
        }
    }
}
