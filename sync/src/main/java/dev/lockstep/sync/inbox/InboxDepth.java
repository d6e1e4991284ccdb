package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.Optional;

/**
 * How full the inbox is, by the clock of the database.
 *
 * @param unapplied events that are stored and not applied yet, retries included
 * @param oldestUnapplied the age of the oldest of them, zero when there is none
 * @param parked events that wait for an operator
 */
public record InboxDepth(long unapplied, Duration oldestUnapplied, long parked) {
    private static final String READ = """
            SELECT
              (SELECT count(*) FROM lockstep.inbox WHERE state IN ('new', 'retry')) AS unapplied,
              (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0) * 1000
                FROM lockstep.inbox WHERE state IN ('new', 'retry'))::bigint AS oldest,
              (SELECT count(*) FROM lockstep.inbox WHERE state = 'parked') AS parked
            """;
    /** Looks at one row: those that wait stand in an index of their own, in the order of arrival. */
    private static final String IS_BEHIND = """
            SELECT received_at < clock_timestamp() - interval '2 seconds' FROM lockstep.inbox
            WHERE state = 'new' ORDER BY seq LIMIT 1
            """;

    private static final String IS_FINISHED = """
            SELECT state IN ('done', 'ignored') FROM lockstep.inbox WHERE event_id = :id
            """;

    /** Reads it in the caller's transaction. */
    public static InboxDepth read(Tx tx) {
        return tx.sql(READ)
                .query((row, number) -> new InboxDepth(
                        row.getLong("unapplied"),
                        Duration.ofMillis(Math.max(0, row.getLong("oldest"))),
                        row.getLong("parked")))
                .single();
    }

    /** Whether an event that has not failed waits for more than two seconds: there is a backlog. */
    public static boolean isBehind(Tx tx) {
        return tx.sql(IS_BEHIND)
                .query((row, number) -> row.getBoolean(1))
                .optional()
                .orElse(false);
    }

    /** Whether an event is applied (or known to mean nothing here); empty when the inbox does not hold it. */
    public static Optional<Boolean> isFinished(Tx tx, EventId event) {
        return tx.sql(IS_FINISHED)
                .param("id", event.value())
                .query((row, number) -> row.getBoolean(1))
                .optional();
    }
}
