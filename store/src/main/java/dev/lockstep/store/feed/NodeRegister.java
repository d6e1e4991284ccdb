package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.UUID;

/** Owns {@code lockstep.node}: which nodes follow the feed in memory, and how far each has come. */
final class NodeRegister {
    private static final String KNOWS = "SELECT EXISTS (SELECT FROM lockstep.node WHERE id = :node)";
    private static final String ENTER = """
            INSERT INTO lockstep.node (id, position, seen_at)
            SELECT :node, pg_current_snapshot(), clock_timestamp() FROM {silence}
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, seen_at = excluded.seen_at
            """.replace("{silence}", FeedClock.SILENCE);
    private static final String STAND_AT = """
            UPDATE lockstep.node SET position = :position::pg_snapshot, seen_at = clock_timestamp()
            FROM {silence} WHERE id = :node
            """.replace("{silence}", FeedClock.SILENCE);
    private static final String LEAVE = "DELETE FROM lockstep.node USING " + FeedClock.SILENCE + " WHERE id = :node";
    private static final String DROP_UNSEEN =
            "DELETE FROM lockstep.node WHERE seen_at < clock_timestamp() - make_interval(secs => :silence)";

    private final Database database;
    private final UUID node;

    NodeRegister(Database database, UUID node) {
        this.database = database;
        this.node = node;
    }

    /** Whether the log has been kept for this node up to the snapshot of this transaction. */
    boolean knows(Tx tx) {
        return tx.sql(KNOWS).param("node", node).query(Boolean.class).single();
    }

    void enter() {
        database.write(tx -> tx.sql(ENTER).param("node", node).update());
    }

    /** Says where the node stands; a node that was dropped meanwhile stays dropped. */
    void standAt(Snapshot position) {
        database.write(tx -> tx.sql(STAND_AT)
                .param("position", position.text())
                .param("node", node)
                .update());
    }

    void leave() {
        database.write(tx -> tx.sql(LEAVE).param("node", node).update());
    }

    /** Drops the nodes that have been silent for longer than this; the log is no longer kept for them. */
    static int dropUnseen(Tx tx, Duration silence) {
        return tx.sql(DROP_UNSEEN).param("silence", silence.toMillis() / 1000.0).update();
    }
}
