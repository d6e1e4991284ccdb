package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;

/**
 * What a walk may do to rows beyond joining snapshots, each only after WorkOS was asked for that very object. Runs in
 * the caller's READ COMMITTED transaction. Thread-safe.
 */
public final class Repairs {
    private static final String BURY = """
            UPDATE {table} t SET deleted_at = CAST(:at AS timestamptz), deleted_by = 'snapshot',
              applied_at = clock_timestamp()
            WHERE t.id = :id AND t.deleted_at IS NULL
            """;
    private static final String FORGET = "DELETE FROM {table} t WHERE t.id = :id";

    private final Snapshots snapshots;

    /** @param snapshots joins what a rewritten row shows */
    public Repairs(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * Marks an object as gone for ever, and with it what hangs on it. WorkOS must have said that there is no such
     * object.
     *
     * @param askedAt read from the clock before WorkOS was asked
     * @return false when the row was gone already, or is not there
     */
    public boolean confirmGone(Tx tx, Mirrored kind, String id, Instant askedAt) {
        lock(tx, id);
        boolean buried = tx.sql(kind.in(BURY))
                        .param("id", id)
                        .param("at", Rows.time(askedAt))
                        .update()
                == 1;
        String[] one = {id};
        String[] none = {};
        switch (kind) {
            case USERS -> {
                new MembershipRows().buryWithParents(tx, one, none);
                new SessionRows().buryWithUsers(tx, one);
            }
            case ORGANIZATIONS -> new MembershipRows().buryWithParents(tx, none, one);
            case MEMBERSHIPS -> {
                // Nothing hangs on a membership.
            }
        }
        return buried;
    }

    /**
     * Writes the row anew from what WorkOS shows and forgets what it was, its mark as gone included. Only for a row
     * that no merge can mend.
     */
    public void rewrite(Tx tx, Mirrored kind, String id, Snapshots.Fetched shown, Instant askedAt) {
        lock(tx, id);
        tx.sql(kind.in(FORGET)).param("id", id).update();
        snapshots.applyIn(tx, shown, askedAt, Writer.SNAPSHOT);
    }

    private static void lock(Tx tx, String id) {
        ObjectLocks locks = new ObjectLocks();
        locks.exclusive(id);
        locks.take(tx);
    }
}
