package dev.lockstep.sync.reconcile;

import java.time.Instant;

/**
 * What one comparison of the whole mirror with WorkOS found.
 *
 * @param walk its number
 * @param startedAt by the clock of the database
 * @param finishedAt by the clock of the database
 * @param repairs whether it was to repair what it found
 * @param seen objects that WorkOS showed
 * @param missing see {@link Drift.Category#MISSING}
 * @param extra see {@link Drift.Category#EXTRA}
 * @param stale see {@link Drift.Category#STALE}
 * @param field see {@link Drift.Category#FIELD}
 * @param pending not counted as drift, see {@link Drift.Category#PENDING}
 * @param repaired of the four, how many were right when they were looked at again
 * @param failed lists, objects and lookups without a usable answer: nothing is said about these
 * @param lists that were read
 * @param listsExact of them had, row for row, the same hash as the mirror when they were read
 */
public record Verdict(
        long walk,
        Instant startedAt,
        Instant finishedAt,
        boolean repairs,
        long seen,
        long missing,
        long extra,
        long stale,
        long field,
        long pending,
        long repaired,
        long failed,
        long lists,
        long listsExact) {
    /** How many objects differed. */
    public long drift() {
        return missing + extra + stale + field;
    }

    /** Whether the mirror was what WorkOS shows, or is now. */
    public boolean isSound() {
        return failed == 0 && (drift() == 0 || repaired == drift());
    }
}
