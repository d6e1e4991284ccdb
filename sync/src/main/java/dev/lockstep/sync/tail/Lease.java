package dev.lockstep.sync.tail;

import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The right to do a job alone, by the clock of the database. The token grows with every change of holder: whoever writes
 * under the lease proves in the same transaction that his token still counts. Thread-safe; keeps no state.
 */
public final class Lease {
    private static final String TAKE = """
            INSERT INTO lockstep.lease AS l (name, holder, token, expires_at)
            VALUES (:name, :holder, 1, clock_timestamp() + make_interval(secs => :seconds))
            ON CONFLICT (name) DO UPDATE SET
              holder = excluded.holder,
              token = CASE WHEN l.holder = excluded.holder THEN l.token ELSE l.token + 1 END,
              expires_at = excluded.expires_at
            WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()
            RETURNING token
            """;
    private static final String PROVE = """
            SELECT token FROM lockstep.lease WHERE name = :name AND holder = :holder AND token = :token FOR SHARE
            """;
    private static final String GIVE_UP = """
            UPDATE lockstep.lease SET expires_at = '-infinity' WHERE name = :name AND holder = :holder
            """;

    private final String name;
    private final UUID holder;
    private final Duration time;

    /**
     * @param name of the job
     * @param holder this node, unique among all that ever were
     * @param time how long the lease lasts after each {@link #take}
     */
    public Lease(String name, UUID holder, Duration time) {
        this.name = name;
        this.holder = holder;
        this.time = time;
    }

    /** Takes or prolongs the lease; empty when another holder has it. Returns the fencing token. */
    public OptionalLong take(Tx tx) {
        return tx.sql(TAKE)
                .param("name", name)
                .param("holder", holder)
                .param("seconds", time.toMillis() / 1000.0)
                .query((row, number) -> row.getLong(1))
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Whether the token still counts; when true, nobody can take the lease until this transaction ends. */
    public boolean holds(Tx tx, long token) {
        return tx.sql(PROVE)
                .param("name", name)
                .param("holder", holder)
                .param("token", token)
                .query((row, number) -> row.getLong(1))
                .optional()
                .isPresent();
    }

    /** Lets the next one take it at once, if this node has it. */
    public void giveUp(Tx tx) {
        tx.sql(GIVE_UP).param("name", name).param("holder", holder).update();
    }
}
