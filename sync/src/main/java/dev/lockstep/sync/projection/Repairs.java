package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a walk may do to rows beyond joining snapshots, each only after WorkOS was asked for that very object. Runs in
 * the caller's READ COMMITTED transaction. Thread-safe.
 */
public final class Repairs {
    private static final String BURY = """
            UPDATE {table} t SET deleted_at = CAST(:at AS timestamptz), deleted_by = 'snapshot',
              applied_at = clock_timestamp()
            WHERE {key} = :key AND t.deleted_at IS NULL
            """;
    /** The key may come back: being gone is a snapshot like any other, and an event that knows better wins. */
    private static final String BURY_FOR_NOW = """
            UPDATE {table} t SET deleted_at = CAST(:at AS timestamptz), deleted_by = 'snapshot',
              snapshot_at = CAST(:at AS timestamptz), snapshot_updated_at = CAST(:at AS timestamptz),
              snapshot_digest = '', shadow = NULL, source = 'snapshot', applied_at = clock_timestamp()
            WHERE {key} = :key AND t.deleted_at IS NULL
              AND CAST(:at AS timestamptz) > coalesce(greatest(t.event_at, t.event_updated_at), '-infinity')
              AND CAST(:at AS timestamptz) > coalesce(greatest(t.snapshot_at, t.snapshot_updated_at), '-infinity')
            """;

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
        MirrorBatch batch = new MirrorBatch();
        batch.lockAlone(kind.table(), key);
        batch.lock(tx);
        String statement = switch (kind.table().rule()) {
            case TERMINAL -> BURY;
            case RETURNING -> BURY_FOR_NOW;
        };
        boolean buried = tx.sql(kind.in(statement))
                        .param("key", key)
                        .param("at", Rows.time(askedAt))
                        .update()
                == 1;
        batch.takeAlong(tx, new HashMap<>(Map.of(kind.word(), Set.of(key))));
        return buried;
    }

    /**
     * Writes the row anew from what WorkOS shows and forgets what it was, its mark as gone included. Only for a row
     * that no merge can mend.
     */
    public void rewrite(Tx tx, Mirrored kind, String key, Snapshots.Fetched shown, Instant askedAt) {
        MirrorBatch batch = Snapshots.batch(shown, askedAt, Writer.SNAPSHOT);
        batch.lockAlone(kind.table(), key);
        batch.lock(tx);
        tx.sql(kind.in(FORGET)).param("key", key).update();
        batch.write(tx);
    }
}
