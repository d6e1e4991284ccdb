package dev.lockstep.sync.outbox;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What listeners could not be told, and what an operator can do about it. Thread-safe. */
public final class ParkedTellings {
    private static final String LIST = """
            SELECT seq, listener, key, type, recorded_at, attempts, reason FROM lockstep.outbox
            WHERE state = 'parked' AND seq > :after AND listener = coalesce(CAST(:listener AS text), listener)
            ORDER BY seq LIMIT :limit
            """;
    private static final String REPLAY = """
            UPDATE lockstep.outbox SET state = 'new', attempts = 0, reason = NULL, finished_at = NULL,
              next_at = clock_timestamp()
            WHERE state = 'parked' AND listener = :listener AND key = coalesce(CAST(:key AS text), key)
            """;
    private static final String DISCARD = """
            UPDATE lockstep.outbox SET state = 'discarded', reason = 'discarded: ' || :said,
              finished_at = clock_timestamp()
            WHERE state = 'parked' AND listener = :listener AND key = coalesce(CAST(:key AS text), key)
            """;
    private static final String COUNT = "SELECT count(*) FROM lockstep.outbox WHERE state = 'parked'";

    private final Database database;

    /** @param database where the outbox lies */
    public ParkedTellings(Database database) {
        this.database = database;
    }

    /**
     * A parked telling without its content.
     *
     * @param seq the place in the outbox; pass it on to see the next page
     * @param listener who was to be told
     * @param key of the change
     * @param type of the change
     * @param recordedAt by the clock of the database
     * @param attempts how often it was tried
     * @param reason why it is parked
     */
    public record ParkedTelling(
            long seq, String listener, String key, String type, Instant recordedAt, int attempts, String reason) {}

    /**
     * Returns parked tellings in their order.
     *
     * @param listener of this one, or null for all
     * @param afterSeq a place in the outbox, 0 for the first page
     */
    public List<ParkedTelling> list(@Nullable String listener, long afterSeq, int limit) {
        return database.read(tx -> tx.sql(LIST)
                .param("after", afterSeq)
                .param("listener", listener)
                .param("limit", limit)
                .query((row, number) -> new ParkedTelling(
                        row.getLong("seq"),
                        row.getString("listener"),
                        row.getString("key"),
                        row.getString("type"),
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                        row.getInt("attempts"),
                        Optional.ofNullable(row.getString("reason")).orElse("unknown")))
                .list());
    }

    /** How many there are. */
    public long count() {
        return database.read(tx -> tx.sql(COUNT).query(Long.class).single());
    }

    /**
     * Tells the listener again, with all attempts.
     *
     * @param key of one change, or null for all that are parked for this listener
     * @return how many
     * @throws SyncProblem SYNC_NOT_PARKED when a key is named that is not parked
     */
    public int replay(String listener, @Nullable String key) {
        return change(REPLAY, listener, key, "");
    }

    /**
     * Gives up telling the listener.
     *
     * @param key of one change, or null for all that are parked for this listener
     * @param reason said by the operator, kept with the telling
     * @return how many
     * @throws SyncProblem SYNC_NOT_PARKED when a key is named that is not parked
     */
    public int discard(String listener, @Nullable String key, String reason) {
        return change(DISCARD, listener, key, reason);
    }

    private int change(String statement, String listener, @Nullable String key, String said) {
        int changed = database.write(tx -> tx.sql(statement)
                .param("listener", listener)
                .param("key", key)
                .param("said", said)
                .update());
        if (key != null && changed != 1) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_NOT_PARKED,
                    "Nothing with the key " + key + " is parked for the listener " + listener
                            + "; list the parked tellings and choose one of them.");
        }
        return changed;
    }
}
