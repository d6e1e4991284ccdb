package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.util.Optional;
import java.util.OptionalLong;

/** Owns {@code lockstep.held_snapshot}: under which name a moment of the clock can be read, whichever node holds it. */
final class HeldRows {
    private static final String OLD =
            "DELETE FROM lockstep.held_snapshot WHERE opened_at < clock_timestamp() - interval '5 minutes'";
    private static final String ENTER = """
            INSERT INTO lockstep.held_snapshot (ts, name) SELECT :ts, :name FROM {silence}
            ON CONFLICT (ts) DO NOTHING RETURNING pg_current_xact_id()::text
            """.replace("{silence}", FeedClock.SILENCE);
    private static final String NAME = "SELECT name FROM lockstep.held_snapshot WHERE ts = :ts";

    private final Database database;

    HeldRows(Database database) {
        this.database = database;
    }

    /**
     * Tells all nodes of a snapshot. The clock has moved on when this returns, so only snapshots that were opened at the same
     * time can meet at one value of it.
     *
     * @return the transaction that did so, or empty when another snapshot has that value of the clock
     */
    OptionalLong enter(Ts ts, String name) {
        return database.write(tx -> {
            tx.sql(OLD).update();
            return tx.sql(ENTER).param("ts", ts.value()).param("name", name).query(String.class).optional().stream()
                    .mapToLong(Long::parseLong)
                    .findAny();
        });
    }

    /** The name of the snapshot that some node held open at that moment, if it still does. */
    Optional<String> name(Tx tx, Ts ts) {
        return tx.sql(NAME).param("ts", ts.value()).query(String.class).optional();
    }
}
