package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inbox as people look at it: how much of what, what came in, and the bytes of one event. It changes nothing. */
public final class InboxLog {
    private static final String TALLY = """
            SELECT state, CASE WHEN state IN ('retry', 'parked') THEN regexp_replace(coalesce(reason, ''),
                ' \\(attempt .*\\)$', '') END AS why, count(*) AS events,
              (extract(epoch FROM clock_timestamp() - min(received_at)) * 1000)::bigint AS oldest
            FROM lockstep.inbox GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
            """;
    private static final String NEWEST = "SELECT coalesce(max(seq), 0) FROM lockstep.inbox";
    private static final String SINCE = """
            SELECT seq, event_id, event_type, source, state, received_at FROM lockstep.inbox
            WHERE seq > :after ORDER BY seq LIMIT :limit
            """;
    private static final String RECORDED = """
            SELECT seq, event_id, event_type, source, state, received_at, body FROM lockstep.inbox
            WHERE seq > :after AND conflicts_with IS NULL AND octet_length(body) > 0 AND event_type IS NOT NULL
              AND event_id = coalesce(CAST(:id AS text), event_id) AND
            """ + Selection.SQL + " ORDER BY seq LIMIT :limit";

    private final Database database;

    /** @param database where the inbox lies */
    public InboxLog(Database database) {
        this.database = database;
    }

    /**
     * How many events are in one state for one reason.
     *
     * @param state new, retry, done, ignored or parked
     * @param why for those that failed, without the number of the attempt; else null
     * @param events how many
     * @param oldest how long ago the first of them came
     */
    public record Tally(String state, @Nullable String why, long events, Duration oldest) {}

    /**
     * One event as it came in.
     *
     * @param seq its place in the inbox
     * @param key its id, or {@code sha256:<hex>}
     * @param type or null when it could not be read
     * @param source the mouth
     * @param state what became of it so far
     * @param receivedAt by the clock of the database
     */
    public record Line(long seq, EventId key, @Nullable String type, Source source, String state, Instant receivedAt) {}

    /** An event with its bytes, not to be changed. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
    public record Recorded(Line line, byte[] body) {}

    /** Counts everything; with many millions of events this takes a while. */
    public List<Tally> tally() {
        return database.read(tx -> tx.sql(TALLY)
                .query((row, number) -> new Tally(
                        row.getString("state"),
                        Optional.ofNullable(row.getString("why"))
                                .filter(why -> !why.isBlank())
                                .orElse(null),
                        row.getLong("events"),
                        Duration.ofMillis(Math.max(0, row.getLong("oldest")))))
                .list());
    }

    /** The place of the newest event, 0 when there is none. */
    public long newest() {
        return database.read(tx -> tx.sql(NEWEST).query(Long.class).single());
    }

    /**
     * Events behind a place. Places are given before the commit, so a smaller one may show later: look again a little
     * behind what was seen.
     */
    public List<Line> since(long after, int limit) {
        return database.read(tx -> tx.sql(SINCE)
                .param("after", after)
                .param("limit", limit)
                .query(InboxLog::line)
                .list());
    }

    /**
     * Sound events with the bytes that are still kept, in the order they came.
     *
     * @param id only this one, or null
     */
    public List<Recorded> recorded(@Nullable String id, Selection selection, long after, int limit) {
        return database.read(tx -> selection
                .bind(tx.sql(RECORDED))
                .param("id", id)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new Recorded(line(row, number), row.getBytes("body")))
                .list());
    }

    private static Line line(ResultSet row, int number) throws SQLException {
        return new Line(
                row.getLong("seq"),
                new EventId(row.getString("event_id")),
                row.getString("event_type"),
                Source.of(row.getString("source")),
                row.getString("state"),
                row.getObject("received_at", OffsetDateTime.class).toInstant());
    }
}
