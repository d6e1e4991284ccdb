package dev.lockstep.sync.work;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what became of what was to be merged, by kind of object and outcome, on this node since its start. It counts
 * tries: a batch that fails and is tried again in halves counts again. Thread-safe.
 */
public final class MergeTally {
    private final Map<String, Map<Outcome, LongAdder>> counts;

    /** What became of an observation; the names serve as labels. */
    public enum Outcome {
        /** Its row is new or other than before, and there. */
        APPLIED,
        /** Its row is new or other than before, and marked as gone. */
        TOMBSTONED,
        /** The row knew it, or something later; it stayed as it was. */
        STALE,
        /** A later event of the same object came with it and was written alone. */
        JOINED,
        /** Another event of the same moment was there; the object is asked for once more. Counted beside the others. */
        TIE
    }

    /** @param kinds of objects, all of them count from zero; nothing else is counted */
    public MergeTally(Collection<String> kinds) {
        Map<String, Map<Outcome, LongAdder>> all = new TreeMap<>();
        for (String kind : kinds) {
            Map<Outcome, LongAdder> ofKind = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                ofKind.put(outcome, new LongAdder());
            }
            all.put(kind, Collections.unmodifiableMap(ofKind));
        }
        this.counts = Collections.unmodifiableMap(all);
    }

    /** The kinds it counts. */
    public Collection<String> kinds() {
        return counts.keySet();
    }

    /** Counts some more. */
    public void count(String kind, Outcome outcome, long more) {
        if (more > 0) {
            adder(kind, outcome).add(more);
        }
    }

    /** Returns how many there were. */
    public long of(String kind, Outcome outcome) {
        return adder(kind, outcome).sum();
    }

    private LongAdder adder(String kind, Outcome outcome) {
        Map<Outcome, LongAdder> ofKind = counts.get(kind);
        LongAdder adder = ofKind == null ? null : ofKind.get(outcome);
        if (adder == null) {
            throw new IllegalArgumentException("nothing of this kind is counted");
        }
        return adder;
    }
}
