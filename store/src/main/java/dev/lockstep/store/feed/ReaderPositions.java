package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.util.Optional;

/** Owns {@code lockstep.feed_reader}: where each durable reader stands. */
final class ReaderPositions {
    private static final String ENTER_AT = """
            INSERT INTO lockstep.feed_reader (name, position) VALUES (:name, :position::pg_snapshot)
            ON CONFLICT (name) DO NOTHING
            """;
    private static final String ENTER_NOW = """
            INSERT INTO lockstep.feed_reader (name, position) VALUES (:name, pg_current_snapshot())
            ON CONFLICT (name) DO NOTHING
            """;
    private static final String CLAIM = """
            SELECT position::text AS position, updated_at < clock_timestamp() - interval '1 minute' AS stale
            FROM lockstep.feed_reader WHERE name = :name FOR UPDATE SKIP LOCKED
            """;
    private static final String HAS_WORK = """
            SELECT r.updated_at < clock_timestamp() - interval '1 minute'
              OR pg_snapshot_xmax(r.position) > pg_snapshot_xmax(pg_current_snapshot())
              OR EXISTS (SELECT FROM lockstep.change c
                WHERE c.xid >= pg_snapshot_xmin(r.position) AND NOT pg_visible_in_snapshot(c.xid, r.position))
            FROM lockstep.feed_reader r WHERE r.name = :name
            """;
    private static final String NOW = "SELECT pg_current_snapshot()::text";
    private static final String MOVE = """
            UPDATE lockstep.feed_reader SET position = :position::pg_snapshot, updated_at = clock_timestamp()
            WHERE name = :name
            """;

    private final String name;

    ReaderPositions(String name) {
        this.name = name;
    }

    /** @param stale whether the position should move even without changes, so that the log can be pruned */
    record Claim(Snapshot position, boolean stale) {}

    void enter(Tx tx, DurableReader.Start start) {
        switch (start) {
            case NOW -> tx.sql(ENTER_NOW).param("name", name).update();
            case OLDEST ->
                tx.sql(ENTER_AT)
                        .param("name", name)
                        .param("position", Snapshot.NOTHING.text())
                        .update();
        }
    }

    /** The position, held until the transaction ends; empty when another node holds it. */
    Optional<Claim> claim(Tx tx) {
        return tx.sql(CLAIM)
                .param("name", name)
                .query((rs, row) -> new Claim(Snapshot.parse(rs.getString("position")), rs.getBoolean("stale")))
                .optional();
    }

    /** Whether a claim would find anything to do; takes no lock and writes nothing. */
    boolean hasWork(Tx tx) {
        return tx.sql(HAS_WORK)
                .param("name", name)
                .query(Boolean.class)
                .optional()
                .orElse(true);
    }

    Snapshot now(Tx tx) {
        return Snapshot.parse(tx.sql(NOW).query(String.class).single());
    }

    void move(Tx tx, Snapshot position) {
        int rows = tx.sql(MOVE)
                .param("position", position.text())
                .param("name", name)
                .update();
        if (rows != 1) {
            throw new IllegalStateException("The position of the feed reader " + name + " is gone.");
        }
    }
}
