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

/** The events that could not be applied, and what an operator can do about them. Thread-safe. */
public final class Parked {
    private static final String LIST = """
            SELECT seq, event_id, event_type, source, received_at, attempts, reason, octet_length(body) AS size
            FROM lockstep.inbox WHERE state = 'parked' AND seq > :after ORDER BY seq LIMIT :limit
            """;
    private static final String BODY = """
            SELECT body FROM lockstep.inbox WHERE event_id = :id AND state = 'parked'
            """;
    private static final String REPLAY = """
            UPDATE lockstep.inbox SET state = 'new', attempts = 0, reason = NULL, finished_at = NULL,
              next_at = clock_timestamp()
            WHERE event_id = :id AND state = 'parked'
            """;
    private static final String DISCARD = """
            UPDATE lockstep.inbox SET state = 'ignored', reason = 'discarded: ' || :reason,
              finished_at = clock_timestamp()
            WHERE event_id = :id AND state = 'parked'
            """;
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
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("limit is " + limit + ", allowed are 1 to " + LARGEST_PAGE);
        }
        return database.read(tx -> tx.sql(LIST)
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

    /**
     * Makes the event due again, with all its attempts. Signal the drain afterwards.
     *
     * @throws SyncProblem SYNC_NOT_PARKED when no such event is parked
     */
    public void replay(EventId key) {
        database.write(tx -> changeOne(tx, REPLAY, key, ""));
    }

    /**
     * Gives the event up for good; its bytes stay.
     *
     * @param reason said by the operator, kept with the event
     * @throws SyncProblem SYNC_NOT_PARKED when no such event is parked
     */
    public void discard(EventId key, String reason) {
        database.write(tx -> changeOne(tx, DISCARD, key, reason));
    }

    private static int changeOne(Tx tx, String statement, EventId key, String reason) {
        int changed = tx.sql(statement)
                .param("id", key.value())
                .param("reason", reason)
                .update();
        if (changed != 1) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_NOT_PARKED,
                    "No parked event has the key " + key + "; list the parked events and choose one of them.");
        }
        return changed;
    }
}
