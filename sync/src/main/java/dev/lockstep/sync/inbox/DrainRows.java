package dev.lockstep.sync.inbox;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Owns the reading end of {@code lockstep.inbox}: claiming what is due, and recording how it ended. */
final class DrainRows {
    private static final String CLAIM_NEW = """
            SELECT seq, event_id, source, body, attempts, quiet FROM lockstep.inbox
            WHERE state = 'new' ORDER BY seq LIMIT :limit FOR UPDATE SKIP LOCKED
            """;
    private static final String CLAIM_FAILED = """
            SELECT seq, event_id, source, body, attempts, quiet FROM lockstep.inbox
            WHERE state = 'retry' AND next_at <= clock_timestamp()
            ORDER BY next_at, seq LIMIT :limit FOR UPDATE SKIP LOCKED
            """;
    /**
     * By primary key: the indexes over what is due, which are full of rows that are done by now, must not look cheaper
     * (hence the text that is joined to the state).
     */
    private static final String CLAIM_AGAIN = """
            SELECT i.seq, i.event_id, i.source, i.body, i.attempts, i.quiet FROM lockstep.inbox i
            JOIN unnest(CAST(:seqs AS bigint[]), CAST(:attempts AS int[])) AS c (seq, attempts)
              ON c.seq = i.seq AND c.attempts = i.attempts
            WHERE i.seq = ANY (CAST(:seqs AS bigint[])) AND i.state || '' IN ('new', 'retry')
            ORDER BY i.seq FOR UPDATE OF i SKIP LOCKED
            """;
    /** How nearly all of them end. */
    private static final String DONE = """
            UPDATE lockstep.inbox SET state = 'done', reason = NULL, attempts = attempts + 1,
              finished_at = clock_timestamp()
            WHERE seq = ANY (:seqs)
            """;

    private static final String FINISH = """
            UPDATE lockstep.inbox i SET state = f.state, reason = f.reason, attempts = i.attempts + 1,
              finished_at = clock_timestamp()
            FROM unnest(CAST(:seqs AS bigint[]), CAST(:states AS text[]), CAST(:reasons AS text[]))
              AS f (seq, state, reason)
            WHERE i.seq = f.seq
            """;
    private static final String RETRY = """
            UPDATE lockstep.inbox SET state = 'retry', reason = :reason, attempts = attempts + 1,
              next_at = clock_timestamp() + make_interval(secs => :seconds)
            WHERE seq = :seq AND attempts = :attempts AND state || '' IN ('new', 'retry')
            """;
    private static final String PARK = """
            UPDATE lockstep.inbox SET state = 'parked', reason = :reason, attempts = attempts + 1,
              finished_at = clock_timestamp()
            WHERE seq = :seq AND attempts = :attempts AND state || '' IN ('new', 'retry')
            """;

    private static final String NOT_AWAITED = "SET LOCAL synchronous_commit = off";

    private DrainRows() {}

    /** A row this transaction holds. */
    @SuppressWarnings("ArrayRecordComponent") // a row; never compared
    record Claimed(long seq, String eventId, String source, byte[] body, int attempts, boolean quiet) {}

    /** How a claimed row ended. */
    record Finished(long seq, String state, @Nullable String reason) {
        private boolean isDone() {
            return state.equals("done") && reason == null;
        }
    }

    private static Claimed row(ResultSet row, int number) throws SQLException {
        return new Claimed(
                row.getLong("seq"),
                row.getString("event_id"),
                row.getString("source"),
                row.getBytes("body"),
                row.getInt("attempts"),
                row.getBoolean("quiet"));
    }

    /**
     * Lets the commit of this transaction return before it is on disk. What a crash of the server then takes back it
     * takes back whole: the events are due again, and their bytes were on disk before they were acknowledged. Whatever
     * another transaction made of it is written behind it, so it cannot survive alone.
     */
    static void doNotAwaitDisk(Tx tx) {
        tx.sql(NOT_AWAITED).update();
    }

    /** Claims what was never tried; fewer than the limit means that no more is there. */
    static List<Claimed> claimNew(Tx tx, int limit) {
        return tx.sql(CLAIM_NEW).param("limit", limit).query(DrainRows::row).list();
    }

    /** Claims what has failed before and is due again; fewer than the limit means that no more is. */
    static List<Claimed> claimFailed(Tx tx, int limit) {
        return tx.sql(CLAIM_FAILED).param("limit", limit).query(DrainRows::row).list();
    }

    /** Claims rows again as they were, but for those that somebody else has or has finished since. */
    static List<Claimed> claimAgain(Tx tx, List<Claimed> rows) {
        return tx.sql(CLAIM_AGAIN)
                .param("seqs", rows.stream().map(Claimed::seq).toArray(Long[]::new))
                .param("attempts", rows.stream().map(Claimed::attempts).toArray(Integer[]::new))
                .query(DrainRows::row)
                .list();
    }

    static void finish(Tx tx, List<Finished> rows) {
        List<Finished> done = rows.stream().filter(Finished::isDone).toList();
        List<Finished> others = rows.stream().filter(row -> !row.isDone()).toList();
        int finished = done.isEmpty()
                ? 0
                : tx.sql(DONE)
                        .param("seqs", done.stream().map(Finished::seq).toArray(Long[]::new))
                        .update();
        if (!others.isEmpty()) {
            finished += tx.sql(FINISH)
                    .param("seqs", others.stream().map(Finished::seq).toArray(Long[]::new))
                    .param("states", others.stream().map(Finished::state).toArray(String[]::new))
                    .param("reasons", others.stream().map(Finished::reason).toArray(String[]::new))
                    .update();
        }
        if (finished != rows.size()) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_ROW_COUNT,
                    "Of " + rows.size() + " claimed events " + finished
                            + " could be finished; somebody else changes lockstep.inbox.");
        }
    }

    /** Puts the row off, unless somebody else has dealt with it since. */
    static boolean retry(Tx tx, Claimed row, String reason, Duration delay) {
        return tx.sql(RETRY)
                        .param("seq", row.seq())
                        .param("attempts", row.attempts())
                        .param("reason", reason)
                        .param("seconds", delay.toMillis() / 1000.0)
                        .update()
                == 1;
    }

    /** Takes the row out of the way, unless somebody else has dealt with it since. */
    static boolean park(Tx tx, Claimed row, String reason) {
        return tx.sql(PARK)
                        .param("seq", row.seq())
                        .param("attempts", row.attempts())
                        .param("reason", reason)
                        .update()
                == 1;
    }
}
