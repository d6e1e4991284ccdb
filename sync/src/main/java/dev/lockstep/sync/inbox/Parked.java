package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** The events that could not be applied, and what an operator can do about them. Thread-safe. */
public final class Parked {
    private static final String LIST = """
            SELECT seq, event_id, event_type, source, received_at, attempts, reason, octet_length(body) AS size
            FROM lockstep.inbox WHERE state = 'parked' AND seq > :after AND
            """ + Selection.SQL + " ORDER BY seq LIMIT :limit";
    private static final String BODY = """
            SELECT body FROM lockstep.inbox WHERE event_id = :id AND state = 'parked'
            """;
    private static final String REPLAY = """
            UPDATE lockstep.inbox SET state = 'new', attempts = 0, reason = NULL, finished_at = NULL, quiet = :quiet,
              next_at = clock_timestamp()
            WHERE state = 'parked' AND
            """;
    private static final String DISCARD = """
            UPDATE lockstep.inbox SET state = 'ignored', reason = 'discarded: ' || :said,
              finished_at = clock_timestamp()
            WHERE state = 'parked' AND
            """;
    private static final String ONE = " event_id = :id";
    private static final String REPLAY_ONE = REPLAY + ONE;
    private static final String REPLAY_MANY = REPLAY + Selection.SQL;
    private static final String DISCARD_ONE = DISCARD + ONE;
    private static final String DISCARD_MANY = DISCARD + Selection.SQL;
    private static final int LARGEST_PAGE = 1_000;

    private final Database database;

    /** @param database where the inbox lies */
    public Parked(Database database) {
        this.database = database;
    }

    /**
     * A parked event without its body.
     *
     * @param seq the place in the inbox; pass it on to see the next page
     * @param key its id, or {@code sha256:<hex>}
     * @param type or null when it could not be read
     * @param source the mouth
     * @param receivedAt by the clock of the database
     * @param attempts how often it was tried
     * @param reason why it is parked, without any content
     * @param size bytes of the body
     */
    public record ParkedEvent(
            long seq,
            EventId key,
            @Nullable String type,
            Source source,
            Instant receivedAt,
            int attempts,
            String reason,
            int size) {}

    /** Returns parked events in the order they came, after a place in the inbox (0 for the first page). */
    public List<ParkedEvent> list(long afterSeq, int limit) {
        return list(Selection.all(), afterSeq, limit);
    }

    /** Like {@link #list(long, int)}, only the selected ones. */
    public List<ParkedEvent> list(Selection selection, long afterSeq, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("limit is " + limit + ", allowed are 1 to " + LARGEST_PAGE);
        }
        return database.read(tx -> selection
                .bind(tx.sql(LIST))
                .param("after", afterSeq)
                .param("limit", limit)
                .query((row, number) -> new ParkedEvent(
                        row.getLong("seq"),
                        new EventId(row.getString("event_id")),
                        row.getString("event_type"),
                        Source.of(row.getString("source")),
                        row.getObject("received_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts"),
                        Optional.ofNullable(row.getString("reason")).orElse("unknown"),
                        row.getInt("size")))
                .list());
    }

    /** Returns the shape of the body with every personal value blotted out; empty when no such event is parked. */
    public Optional<String> show(EventId key) {
        return database.read(tx -> tx.sql(BODY)
                        .param("id", key.value())
                        .query((row, number) -> row.getBytes(1))
                        .optional())
                .map(Redaction::of);
    }

    /** Like {@link #replay(EventId, Effects)}, silently. */
    public void replay(EventId key) {
        replay(key, Effects.SILENT);
    }

    /**
     * Makes the event due again, with all its attempts. Signal the drain afterwards, or wait for its backstop.
     *
     * @throws SyncProblem SYNC_NOT_PARKED when no such event is parked
     */
    public void replay(EventId key, Effects effects) {
        exactlyOne(key, tx -> quiet(tx.sql(REPLAY_ONE), effects));
    }

    /** Makes all selected events due again and returns how many there were. */
    public int replay(Selection selection, Effects effects) {
        return database.write(
                tx -> selection.bind(quiet(tx.sql(REPLAY_MANY), effects)).update());
    }

    /**
     * Gives the event up for good; its bytes stay as long as those of any other.
     *
     * @param reason said by the operator, kept with the event
     * @throws SyncProblem SYNC_NOT_PARKED when no such event is parked
     */
    public void discard(EventId key, String reason) {
        exactlyOne(key, tx -> tx.sql(DISCARD_ONE).param("said", reason));
    }

    /** Gives all selected events up for good and returns how many there were. */
    public int discard(Selection selection, String reason) {
        return database.write(
                tx -> selection.bind(tx.sql(DISCARD_MANY).param("said", reason)).update());
    }

    private static StatementSpec quiet(StatementSpec statement, Effects effects) {
        return statement.param(
                "quiet",
                switch (effects) {
                    case SILENT -> true;
                    case TOLD -> false;
                });
    }

    private interface Statement {
        StatementSpec in(Tx tx);
    }

    private void exactlyOne(EventId key, Statement statement) {
        int changed =
                database.write(tx -> statement.in(tx).param("id", key.value()).update());
        if (changed != 1) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_NOT_PARKED,
                    "No parked event has the key " + key + "; list the parked events and choose one of them.");
        }
    }
}
