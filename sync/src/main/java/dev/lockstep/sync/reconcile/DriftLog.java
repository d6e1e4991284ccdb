package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.reconcile.Drift.Category;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Owns {@code lockstep.drift}, {@code reconcile_verdict} and {@code reconcile_request}: what comparisons found, and why
 * one is wanted. Thread-safe.
 */
public final class DriftLog {
    private static final String ADD = """
            INSERT INTO lockstep.drift (walk_id, kind, key, category, fields, repaired)
            VALUES (:walk, :kind, :key, :category, CAST(:fields AS text[]), :repaired)
            ON CONFLICT (walk_id, kind, key) DO UPDATE SET category = excluded.category, fields = excluded.fields,
              repaired = excluded.repaired, found_at = clock_timestamp()
            """;
    private static final String REPAIRED = """
            UPDATE lockstep.drift SET repaired = true WHERE walk_id = :walk AND kind = :kind AND key = :key
            """;
    private static final String CONCLUDE = """
            INSERT INTO lockstep.reconcile_verdict (walk_id, started_at, repairs, seen, missing, extra, stale, field,
              pending, repaired, failed, lists, lists_exact)
            SELECT :walk, CAST(:startedAt AS timestamptz), :repairs, :seen,
              count(*) FILTER (WHERE category = 'missing'), count(*) FILTER (WHERE category = 'extra'),
              count(*) FILTER (WHERE category = 'stale'), count(*) FILTER (WHERE category = 'field'),
              count(*) FILTER (WHERE category = 'pending'),
              count(*) FILTER (WHERE category <> 'pending' AND repaired), :failed, :lists, :exact
            FROM lockstep.drift WHERE walk_id = :walk
            """;
    private static final String FORGET_VERDICTS = """
            DELETE FROM lockstep.reconcile_verdict WHERE walk_id < (
              SELECT walk_id FROM lockstep.reconcile_verdict ORDER BY walk_id DESC OFFSET 999 LIMIT 1)
            """;
    private static final String GRANT = """
            DELETE FROM lockstep.reconcile_request WHERE asked_at < CAST(:startedAt AS timestamptz)
            """;
    private static final String VERDICTS = """
            SELECT * FROM lockstep.reconcile_verdict ORDER BY walk_id DESC LIMIT :limit
            """;
    private static final String DRIFT = """
            SELECT kind, key, category, fields, repaired FROM lockstep.drift
            WHERE walk_id = :walk AND category <> 'pending' ORDER BY found_at, kind, key LIMIT :limit
            """;
    private static final String ASK = """
            INSERT INTO lockstep.reconcile_request (reason) VALUES (:reason)
            ON CONFLICT (reason) DO UPDATE SET asked_at = clock_timestamp()
            """;
    private static final String WANTED = "SELECT reason FROM lockstep.reconcile_request ORDER BY asked_at LIMIT 1";
    private static final String AGE = """
            SELECT (extract(epoch FROM clock_timestamp() - max(finished_at)) * 1000)::bigint AS age
            FROM lockstep.reconcile_verdict
            """;

    private final Database database;

    /** @param database where the mirror is */
    public DriftLog(Database database) {
        this.database = database;
    }

    /** The newest comparison that came to its end, if any. */
    public Optional<Verdict> last() {
        return last(1).stream().findFirst();
    }

    /** The newest comparisons that came to their end, the last one first. */
    public List<Verdict> last(int limit) {
        return database.read(tx -> tx.sql(VERDICTS)
                .param("limit", limit)
                .query((row, number) -> verdict(row))
                .list());
    }

    /** What a comparison found, oldest first; kept for the newest one only. */
    public List<Drift> found(long walk, int limit) {
        return database.read(tx -> tx.sql(DRIFT)
                .param("walk", walk)
                .param("limit", limit)
                .query((row, number) -> new Drift(
                        row.getString("kind"),
                        row.getString("key"),
                        Category.of(row.getString("category")),
                        List.of((String[]) row.getArray("fields").getArray()),
                        row.getBoolean("repaired")))
                .list());
    }

    /** How long ago a comparison last came to its end; empty when none ever did. */
    public Optional<Duration> age() {
        return Optional.ofNullable(database.read(tx -> tx.sql(AGE)
                .query((row, number) -> {
                    long millis = row.getLong("age");
                    return row.wasNull() ? null : Duration.ofMillis(Math.max(0, millis));
                })
                .list()
                .getFirst()));
    }

    /** Why a comparison is wanted before its time; empty when none is. */
    public Optional<String> wanted() {
        return database.read(tx -> tx.sql(WANTED).query(String.class).optional());
    }

    /**
     * Asks for a comparison of everything, in the caller's transaction: one that repairs and fails nowhere.
     *
     * @param reason a word, the same for the same reason
     */
    public static void ask(Tx tx, String reason) {
        tx.sql(ASK).param("reason", reason).update();
    }

    void add(Tx tx, long walk, Drift drift) {
        tx.sql(ADD)
                .param("walk", walk)
                .param("kind", drift.kind())
                .param("key", drift.key())
                .param("category", drift.category().word())
                .param("fields", drift.fields().toArray(String[]::new))
                .param("repaired", drift.repaired())
                .update();
    }

    void repaired(Tx tx, long walk, String kind, String key) {
        tx.sql(REPAIRED)
                .param("walk", walk)
                .param("kind", kind)
                .param("key", key)
                .update();
    }

    /** Writes the verdict of a walk. One that repaired and failed nowhere is what the requests before it asked for. */
    Verdict conclude(Tx tx, Run run, long seen, long failed, long lists, long exact) {
        tx.sql(CONCLUDE)
                .param("walk", run.id())
                .param("startedAt", run.startedAt().toString())
                .param("repairs", run.repairs())
                .param("seen", seen)
                .param("failed", failed)
                .param("lists", lists)
                .param("exact", exact)
                .update();
        tx.sql(FORGET_VERDICTS).update();
        if (run.repairs() && failed == 0) {
            tx.sql(GRANT).param("startedAt", run.startedAt().toString()).update();
        }
        return tx.sql(VERDICTS)
                .param("limit", 1)
                .query((row, number) -> verdict(row))
                .single();
    }

    private static Verdict verdict(ResultSet row) throws SQLException {
        return new Verdict(
                row.getLong("walk_id"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("repairs"),
                row.getLong("seen"),
                row.getLong("missing"),
                row.getLong("extra"),
                row.getLong("stale"),
                row.getLong("field"),
                row.getLong("pending"),
                row.getLong("repaired"),
                row.getLong("failed"),
                row.getLong("lists"),
                row.getLong("lists_exact"));
    }
}
