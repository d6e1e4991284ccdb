package dev.lockstep.store.feed;

/**
 * A reading of the clock that all nodes share: it never goes back, and equal readings may name different snapshots.
 * It is not wall-clock time.
 *
 * @param value between 0 and 2^63 - 1
 */
public record Ts(long value) implements Comparable<Ts> {
    /** How many bits of a reading belong to the transaction counter; the rest is the epoch. */
    static final int COUNTER_BITS = 48;

    public Ts {
        if (value < 0) {
            throw new IllegalArgumentException("A reading of the clock is never negative.");
        }
    }

    static Ts of(int epoch, long xmax) {
        if (epoch < 1 || epoch >= 1 << 15 || xmax < 0 || xmax >= 1L << COUNTER_BITS) {
            throw new IllegalArgumentException(
                    "Epoch %d with counter %d does not fit a reading.".formatted(epoch, xmax));
        }
        return new Ts(((long) epoch << COUNTER_BITS) + xmax);
    }

    /** Whether this reading is before the other. */
    public boolean isBefore(Ts other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Ts other) {
        return Long.compare(value, other.value);
    }
}
