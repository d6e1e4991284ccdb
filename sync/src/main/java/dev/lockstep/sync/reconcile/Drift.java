package dev.lockstep.sync.reconcile;

import java.util.List;
import java.util.Locale;

/**
 * One object that the mirror did not show as WorkOS does.
 *
 * @param kind its table
 * @param key its key, the parts of a key of several columns joined by slashes
 * @param category how it differed
 * @param fields the columns that differed, and paths below {@code raw} of what has no column; never their values
 * @param repaired whether the row was right when it was looked at again
 */
public record Drift(String kind, String key, Category category, List<String> fields, boolean repaired) {
    public Drift {
        fields = List.copyOf(fields);
    }

    /** How an object differs. */
    public enum Category {
        /** WorkOS has it; the mirror has no row, or marked it as gone. */
        MISSING,
        /** The mirror shows it; WorkOS says that there is no such object. */
        EXTRA,
        /** The row is of an earlier version, although the tail has promised the later one. */
        STALE,
        /** Another value in the same version, or a version that WorkOS does not show. */
        FIELD,
        /** No drift: the change is so young that the Events tail has not promised it yet. */
        PENDING;

        /** The word in the database and in reports. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Category of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
