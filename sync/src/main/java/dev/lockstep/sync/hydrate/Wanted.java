package dev.lockstep.sync.hydrate;

import dev.lockstep.workos.object.ObjectKind;
import java.time.Duration;
import java.util.List;

/**
 * An object that has to be fetched from WorkOS, and why.
 *
 * @param kind what it is
 * @param key its key, as in the mirrored table
 * @param reason why
 */
public record Wanted(ObjectKind kind, List<String> key, Reason reason) {
    public Wanted {
        key = List.copyOf(key);
    }

    /** Why an object is asked for once more. */
    public enum Reason {
        /** Two events of one moment: the winner is certain, whether it is the truth is not. */
        TIE("tie", Duration.ZERO),
        /** An event left something out that WorkOS has. */
        PARTIAL("partial", Duration.ZERO),
        /** Something that belongs to it is here and it is not; as a rule its own event is on the way. */
        PARENT("parent", Duration.ofSeconds(30)),
        /** It says that it was changed long after it was observed. */
        CLOCK("clock", Duration.ZERO),
        /** WorkOS has said once that there is none, or what it belonged to is gone; the next word decides. */
        GONE("gone", Duration.ofSeconds(10));

        private final String column;
        private final Duration grace;

        Reason(String column, Duration grace) {
            this.column = column;
            this.grace = grace;
        }

        /** Returns the word in the database. */
        public String column() {
            return column;
        }

        /** Returns how long to wait before asking. */
        public Duration grace() {
            return grace;
        }

        static Reason of(String column) {
            for (Reason reason : values()) {
                if (reason.column.equals(column)) {
                    return reason;
                }
            }
            throw new IllegalArgumentException("lockstep.refetch holds the unknown reason " + column);
        }
    }
}
