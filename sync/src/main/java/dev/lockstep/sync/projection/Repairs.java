package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.List;

/**
 * What a walk may do to rows beyond joining snapshots, each only after WorkOS was asked for that very object. Runs in
 * the caller's READ COMMITTED transaction. Thread-safe.
 */
public final class Repairs {
    private static final String FORGET = "DELETE FROM {table} t WHERE {key} = :key";
    private static final String IS_ALIVE =
            "SELECT count(*) > 0 FROM {table} t WHERE {key} = :key AND t.deleted_at IS NULL";

    /** Whether the row is there and not marked as gone. */
    public boolean isAlive(Tx tx, Mirrored kind, String key) {
        return tx.sql(kind.in(IS_ALIVE)).param("key", key).query(Boolean.class).single();
    }

    /**
     * Marks an object as gone, and with it what hangs on it. WorkOS must have said that there is no such object.
     *
     * @param askedAt read from the clock before WorkOS was asked
     * @return false when the row was gone already, is not there, or knows something later
     */
    public boolean confirmGone(Tx tx, Mirrored kind, String key, Instant askedAt) {
        Snapshots.Absent absent = new Snapshots.Absent(kind.object(), List.of(key.split("/", -1)));
        MirrorBatch batch = Snapshots.batch(tx, Snapshots.Fetched.absent(List.of(absent)), askedAt, Writer.SNAPSHOT);
        batch.lock(tx);
        if (!isAlive(tx, kind, key)) {
            return false;
        }
        batch.writeAlone(tx);
        return !isAlive(tx, kind, key);
    }

    /**
     * Writes the row anew from what WorkOS shows and forgets what it was, its mark as gone included. Only for a row
     * that no merge can mend.
     */
    public void rewrite(Tx tx, Mirrored kind, String key, Snapshots.Fetched shown, Instant askedAt) {
        MirrorBatch batch = Snapshots.batch(tx, shown, askedAt, Writer.SNAPSHOT);
        batch.lockAlone(kind.table(), key);
        batch.lock(tx);
        tx.sql(kind.in(FORGET)).param("key", key).update();
        batch.writeAlone(tx);
    }
}
