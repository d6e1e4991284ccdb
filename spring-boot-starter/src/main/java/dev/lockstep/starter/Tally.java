package dev.lockstep.starter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happened on this node since its start, one count for each kind. It is not a meter: it costs a few
 * nanoseconds and needs no metrics system. Thread-safe.
 *
 * @param <E> the kinds
 */
public final class Tally<E extends Enum<E>> {
    private final Map<E, LongAdder> counts;

    /** @param kinds all of them count from zero */
    public Tally(Class<E> kinds) {
        counts = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            counts.put(kind, new LongAdder());
        }
    }

    /** Counts one more. */
    public void count(E kind) {
        Objects.requireNonNull(counts.get(kind)).increment();
    }

    /** Returns how many there were. */
    public long of(E kind) {
        return Objects.requireNonNull(counts.get(kind)).sum();
    }
}
