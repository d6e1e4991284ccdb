package dev.lockstep.sync.freshness;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.work.Crew;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.RateBudget.Refusal;
import dev.lockstep.workos.RateBudget.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how the rate budgets of one process stand, so that operators see all of them at one place. Owns {@code
 * lockstep.rate_budget}; the budgets themselves stay with their process. Thread-safe.
 */
public final class RateBudgets implements AutoCloseable {
    /** The budget of all calls to one WorkOS environment; that of a directory is called by the directory's id. */
    public static final String ENVIRONMENT = "environment";

    private static final Duration PACE = Duration.ofSeconds(5);
    private static final String NOTE = """
            INSERT INTO lockstep.rate_budget
              (process, scope, label, per_second, full_per_second, left_over, used, waiting, refused_at, retry_after_millis)
            VALUES (:process, :scope, :label, :rate, :full, :left, :used, :waiting,
              clock_timestamp() - make_interval(secs => CAST(:refused AS double precision)), CAST(:retryAfter AS bigint))
            ON CONFLICT (process, scope) DO UPDATE SET per_second = excluded.per_second,
              full_per_second = excluded.full_per_second, left_over = excluded.left_over, used = excluded.used,
              waiting = excluded.waiting, refused_at = excluded.refused_at,
              retry_after_millis = excluded.retry_after_millis, noted_at = excluded.noted_at
            """;
    private static final String FORGET =
            "DELETE FROM lockstep.rate_budget WHERE noted_at < clock_timestamp() - interval '1 hour'";
    private static final String READ = """
            SELECT label, process::text AS process, scope, per_second, full_per_second, left_over, used, waiting,
              retry_after_millis, extract(epoch FROM clock_timestamp() - refused_at) AS refused
            FROM lockstep.rate_budget WHERE noted_at > clock_timestamp() - interval '1 minute'
            ORDER BY scope <> 'environment', waiting DESC, refused_at DESC NULLS LAST, label, process, scope LIMIT :limit
            """;

    private final Database database;
    private final UUID process;
    private final String label;
    private final Supplier<Map<String, RateBudget>> budgets;
    private final Crew crew;
    /** What was written last; touched by the writing thread only. */
    private final Map<String, Long> lastUsed = new HashMap<>();

    /**
     * @param process this process, unique among all that ever were
     * @param label what it does: {@code server}, {@code backfill}
     * @param budgets its budgets, by scope
     */
    public RateBudgets(Database database, UUID process, String label, Supplier<Map<String, RateBudget>> budgets) {
        this.database = database;
        this.process = process;
        this.label = label;
        this.budgets = budgets;
        String trouble =
                SyncProblem.Code.SYNC_BUDGET_NOT_NOTED + ": how the rate budget stands could not be written down";
        this.crew = new Crew(new Crew.Settings("lockstep-budget", 1, PACE, trouble), this::note);
    }

    /**
     * How a budget of a process stood when it was written down last, at most a minute ago.
     *
     * @param label what the process does
     * @param process which one
     * @param scope {@link #ENVIRONMENT} or the id of a directory
     */
    public record Noted(String label, String process, String scope, Standing standing) {}

    /** Starts writing, every five seconds; once. */
    public void start() {
        crew.start();
    }

    /** Writes down how they stand now: that of the environment, and of those directories that had calls since. */
    public void note() {
        Map<String, Standing> standing = new HashMap<>();
        budgets.get().forEach((scope, budget) -> {
            Standing now = budget.standing();
            if (scope.equals(ENVIRONMENT)
                    || !Long.valueOf(now.used()).equals(lastUsed.get(scope))
                    || now.waiting() > 0) {
                standing.put(scope, now);
            }
        });
        database.write(tx -> {
            standing.forEach((scope, now) -> write(tx, scope, now));
            return tx.sql(FORGET).update();
        });
        standing.forEach((scope, now) -> lastUsed.put(scope, now.used()));
    }

    /** The budgets of all processes, that of the environment first, then the directories in the most trouble. */
    public static List<Noted> read(Tx tx, int limit) {
        return tx.sql(READ)
                .param("limit", limit)
                .query((row, number) -> noted(row))
                .list();
    }

    /** Stops writing; what was written is shown for another minute. */
    @Override
    public void close() {
        crew.close();
    }

    private void write(Tx tx, String scope, Standing now) {
        @Nullable Refusal refusal = now.refusal();
        tx.sql(NOTE)
                .param("process", process)
                .param("scope", scope)
                .param("label", label)
                .param("rate", now.perSecond())
                .param("full", now.fullPerSecond())
                .param("left", now.left())
                .param("used", now.used())
                .param("waiting", now.waiting())
                .param("refused", refusal == null ? null : refusal.ago().toMillis() / 1000.0, java.sql.Types.DOUBLE)
                .param(
                        "retryAfter",
                        refusal == null ? null : refusal.retryAfter().toMillis(),
                        java.sql.Types.BIGINT)
                .update();
    }

    private static Noted noted(ResultSet row) throws SQLException {
        double ago = row.getDouble("refused");
        @Nullable
        Refusal refusal = row.wasNull()
                ? null
                : new Refusal(
                        Duration.ofMillis(Math.round(ago * 1000)),
                        Duration.ofMillis(row.getLong("retry_after_millis")));
        return new Noted(
                row.getString("label"),
                row.getString("process"),
                row.getString("scope"),
                new Standing(
                        row.getDouble("per_second"),
                        row.getDouble("full_per_second"),
                        row.getDouble("left_over"),
                        row.getLong("used"),
                        row.getInt("waiting"),
                        refusal));
    }
}
