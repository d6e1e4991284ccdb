package dev.lockstep.sync.outbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code lockstep.listener} and the reading end of {@code lockstep.outbox}. */
final class OutboxRows {
    private static final String REGISTER = """
            INSERT INTO lockstep.listener (name, types) VALUES (:name, :types)
            ON CONFLICT (name) DO UPDATE SET types = excluded.types, seen_at = clock_timestamp()
            """;
    private static final String CLAIM = """
            SELECT seq, listener, key, type, subject, event_id, occurred_at, before, after, attempts FROM lockstep.outbox o
            WHERE state IN ('new', 'retry') AND next_at <= clock_timestamp() AND listener = ANY (:listeners)
              AND NOT EXISTS (SELECT FROM lockstep.outbox e WHERE e.state IN ('new', 'retry')
                AND e.listener = o.listener AND e.subject = o.subject AND e.seq < o.seq)
            ORDER BY next_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED
            """;
    private static final String DONE = """
            UPDATE lockstep.outbox SET state = 'done', reason = NULL, attempts = attempts + 1,
              finished_at = clock_timestamp()
            WHERE seq = :seq
            """;
    private static final String RETRY = """
            UPDATE lockstep.outbox SET state = 'retry', reason = :reason, attempts = attempts + 1,
              next_at = clock_timestamp() + make_interval(secs => :seconds)
            WHERE seq = :seq AND attempts = :attempts AND state IN ('new', 'retry')
            """;
    private static final String PARK = """
            UPDATE lockstep.outbox SET state = 'parked', reason = :reason, attempts = attempts + 1,
              finished_at = clock_timestamp()
            WHERE seq = :seq AND attempts = :attempts AND state IN ('new', 'retry')
            """;

    private OutboxRows() {}

    /** A telling this transaction holds. */
    record Due(long seq, String listener, Occurrence occurrence, int attempts) {}

    static void register(Tx tx, Collection<DomainListener> listeners) {
        for (DomainListener listener : listeners) {
            tx.sql(REGISTER)
                    .param("name", listener.name())
                    .param("types", listener.types().stream().sorted().toArray(String[]::new))
                    .update();
        }
    }

    static Optional<Due> claim(Tx tx, Collection<String> listeners) {
        return tx.sql(CLAIM)
                .param("listeners", listeners.toArray(String[]::new))
                .query(OutboxRows::due)
                .optional();
    }

    private static Due due(ResultSet row, int number) throws SQLException {
        String event = row.getString("event_id");
        return new Due(
                row.getLong("seq"),
                row.getString("listener"),
                new Occurrence(
                        row.getString("key"),
                        row.getString("type"),
                        row.getString("subject"),
                        event == null ? null : new EventId(event),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        json(row.getString("before")),
                        json(row.getString("after"))),
                row.getInt("attempts"));
    }

    private static @Nullable JsonNode json(@Nullable String text) {
        return text == null ? null : JsonMapper.shared().readTree(text);
    }

    static void done(Tx tx, Due due) {
        if (tx.sql(DONE).param("seq", due.seq()).update() != 1) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_ROW_COUNT,
                    "A claimed row of lockstep.outbox could not be finished; somebody else changes that table.");
        }
    }

    /** Puts the telling off, unless somebody else has dealt with it since. */
    static boolean retry(Tx tx, Due due, String reason, Duration delay) {
        return tx.sql(RETRY)
                        .param("seq", due.seq())
                        .param("attempts", due.attempts())
                        .param("reason", reason)
                        .param("seconds", delay.toMillis() / 1000.0)
                        .update()
                == 1;
    }

    /** Takes the telling out of the way, unless somebody else has dealt with it since. */
    static boolean park(Tx tx, Due due, String reason) {
        return tx.sql(PARK)
                        .param("seq", due.seq())
                        .param("attempts", due.attempts())
                        .param("reason", reason)
                        .update()
                == 1;
    }
}
