package dev.lockstep.workos;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts how tries of calls to WorkOS ended, since the client was opened. Thread-safe. */
public final class CallTally {
    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);

    /** How a try ended; the names serve as metric labels. */
    public enum End {
        /** With an answer that can be used. */
        ANSWERED,
        /** WorkOS said no, which may be an answer too: not found. */
        REFUSED,
        /** Too many calls, by WorkOS's count or by our own budget. */
        RATE_LIMITED,
        /** WorkOS answered with a failure of its own. */
        UNAVAILABLE,
        /** No connection, or no answer in time. */
        UNREACHABLE,
        /** An answer that cannot be read. */
        MALFORMED
    }

    CallTally() {
        for (End end : End.values()) {
            ends.put(end, new LongAdder());
        }
    }

    /** Returns how many tries ended so. */
    public long count(End end) {
        return adder(end).sum();
    }

    void answered() {
        adder(End.ANSWERED).increment();
    }

    void failed(WorkOsProblem problem) {
        adder(
                        switch (problem) {
                            case WorkOsProblem.Unreachable ignored -> End.UNREACHABLE;
                            case WorkOsProblem.Unavailable ignored -> End.UNAVAILABLE;
                            case WorkOsProblem.RateLimited ignored -> End.RATE_LIMITED;
                            case WorkOsProblem.Refused ignored -> End.REFUSED;
                            case WorkOsProblem.UnauthorizedKey ignored -> End.REFUSED;
                            case WorkOsProblem.MalformedAnswer ignored -> End.MALFORMED;
                        })
                .increment();
    }

    private LongAdder adder(End end) {
        return Objects.requireNonNull(ends.get(end));
    }
}
