package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;

/**
 * Puts events that were dealt with before into the merge once more: after a version that reads more of them, or when
 * somebody doubts the mirror. The merge makes that safe, an older event never beats a newer one. Thread-safe.
 */
public final class Replay {
    private static final int CHUNK = 1_000;
    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE octet_length(body) > 0) AS whole, count(*) FILTER (WHERE octet_length(body) = 0)
              AS stripped
            FROM lockstep.inbox WHERE state = ANY (:states) AND conflicts_with IS NULL
              AND coalesce(reason, '') NOT LIKE 'discarded: %' AND
            """ + Selection.SQL;
    private static final String AGAIN = """
            WITH chunk AS (
              SELECT seq FROM lockstep.inbox WHERE seq > :after AND seq <= :last AND state = ANY (:states)
                AND conflicts_with IS NULL AND octet_length(body) > 0 AND coalesce(reason, '') NOT LIKE 'discarded: %'
                AND
            """ + Selection.SQL + """
              ORDER BY seq LIMIT :limit),
            again AS (
              UPDATE lockstep.inbox i SET state = 'new', attempts = 0, reason = NULL, finished_at = NULL,
                quiet = :quiet, next_at = clock_timestamp()
              FROM chunk c WHERE i.seq = c.seq AND i.state = ANY (:states) RETURNING i.seq)
            SELECT coalesce((SELECT max(seq) FROM chunk), -1) AS last, (SELECT count(*) FROM again) AS changed
            """;
    private static final String LAST = "SELECT coalesce(max(seq), 0) FROM lockstep.inbox";

    private final Database database;

    /** @param database where the inbox lies */
    public Replay(Database database) {
        this.database = database;
    }

    /** Which of the finished events are meant. */
    public enum Which {
        /** Applied before. */
        DONE("done"),
        /** Not understood by the version that met them; discarded ones stay discarded. */
        IGNORED("ignored"),
        /** Both. */
        FINISHED("done ignored");

        private final String states;

        Which(String states) {
            this.states = states;
        }

        private String[] column() {
            return states.split(" ", -1);
        }
    }

    /**
     * How many there are.
     *
     * @param replayable those that can be applied again
     * @param stripped those whose bytes were given up after their time
     */
    public record Extent(long replayable, long stripped) {}

    /** Looks without changing anything. */
    public Extent extent(Which which, Selection selection) {
        return database.read(tx -> selection
                .bind(tx.sql(COUNT))
                .param("states", which.column())
                .query((row, number) -> new Extent(row.getLong("whole"), row.getLong("stripped")))
                .single());
    }

    /**
     * Makes the events due again, a thousand in one transaction; what arrives meanwhile is not meant.
     *
     * @return how many
     */
    public long start(Which which, Selection selection, Effects effects) {
        long last = database.read(tx -> tx.sql(LAST).query(Long.class).single());
        long total = 0;
        long after = 0;
        while (after >= 0) {
            Chunk chunk = chunk(which, selection, effects, after, last);
            total += chunk.changed();
            after = chunk.last();
        }
        return total;
    }

    private record Chunk(long last, long changed) {}

    private Chunk chunk(Which which, Selection selection, Effects effects, long after, long last) {
        boolean quiet = switch (effects) {
            case SILENT -> true;
            case TOLD -> false;
        };
        return database.write(tx -> selection
                .bind(tx.sql(AGAIN))
                .param("after", after)
                .param("last", last)
                .param("states", which.column())
                .param("limit", CHUNK)
                .param("quiet", quiet)
                .query((row, number) -> new Chunk(row.getLong("last"), row.getLong("changed")))
                .single());
    }
}
