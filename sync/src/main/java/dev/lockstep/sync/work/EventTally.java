package dev.lockstep.sync.work;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what became of events of the inbox on this node since its start. It counts tries: a batch that fails and is
 * tried again in halves counts again. Thread-safe.
 */
public final class EventTally {
    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);

    /** What became of an event; the names serve as labels. */
    public enum End {
        /** Given to the merge, whatever that made of it. */
        APPLIED,
        /** Of a kind that has no table; kept. */
        UNKNOWN,
        /** Failed, and is tried again. */
        RETRIED,
        /** Given up, or never to be read. */
        PARKED
    }

    /** Counts from zero. */
    public EventTally() {
        for (End end : End.values()) {
            ends.put(end, new LongAdder());
        }
    }

    /** Counts one more. */
    public void count(End end) {
        Objects.requireNonNull(ends.get(end)).increment();
    }

    /** Returns how many there were. */
    public long of(End end) {
        return Objects.requireNonNull(ends.get(end)).sum();
    }
}
