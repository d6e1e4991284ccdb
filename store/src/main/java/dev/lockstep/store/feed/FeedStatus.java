package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the change feed stands, by the clock of the database: what operators look at.
 *
 * @param length about how many changes the log holds
 * @param readers how long each durable reader is behind the newest change, by name
 * @param nodes how many nodes follow the feed in memory
 * @param oldestTransaction how long the oldest transaction of this database has been open; it keeps the log from being
 *     pruned and dead rows from being cleaned up
 */
public record FeedStatus(long length, Map<String, Duration> readers, int nodes, Duration oldestTransaction) {
    private static final String READ = """
            SELECT (SELECT coalesce(max(id) - min(id) + 1, 0) FROM lockstep.change) AS length,
              (SELECT count(*) FROM lockstep.node) AS nodes,
              (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000, 0)::bigint
                FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL) AS oldest
            """;
    private static final String READERS = """
            SELECT r.name, coalesce(greatest(0, extract(epoch FROM clock_timestamp() - (
                SELECT min(c.at) FROM lockstep.change c
                WHERE c.xid >= pg_snapshot_xmin(r.position) AND NOT pg_visible_in_snapshot(c.xid, r.position)))
              * 1000), 0)::bigint AS behind
            FROM lockstep.feed_reader r ORDER BY r.name
            """;

    public FeedStatus {
        readers = Map.copyOf(readers);
    }

    /** Reads it in the caller's transaction. */
    public static FeedStatus read(Tx tx) {
        Map<String, Duration> readers = new LinkedHashMap<>();
        tx.sql(READERS)
                .query((row, number) -> readers.put(row.getString("name"), Duration.ofMillis(row.getLong("behind"))))
                .list();
        return tx.sql(READ)
                .query((row, number) -> new FeedStatus(
                        row.getLong("length"),
                        readers,
                        row.getInt("nodes"),
                        Duration.ofMillis(Math.max(0, row.getLong("oldest")))))
                .single();
    }

    /** How long the slowest durable reader is behind. */
    public Duration slowest() {
        return readers.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
