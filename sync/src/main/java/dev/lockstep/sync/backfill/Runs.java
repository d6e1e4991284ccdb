package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.projection.Mirrored;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Owns {@code lockstep.backfill_run}, {@code _shard} and {@code _seen}: what walks there are and how far each is. */
public final class Runs {
    private static final String COLUMNS = "SELECT id, boundary, started_at, walked_through, deleted";
    private static final String OPEN =
            COLUMNS + " FROM lockstep.backfill_run WHERE purpose = :purpose AND finished_at IS NULL";
    private static final String BEGIN = """
            INSERT INTO lockstep.backfill_run (purpose, boundary) VALUES (:purpose, CAST(:boundary AS timestamptz))
            RETURNING id, boundary, started_at, walked_through, deleted
            """;
    private static final String GIVE_UP = """
            UPDATE lockstep.backfill_run SET finished_at = clock_timestamp(), outcome = 'given up'
            WHERE purpose = :purpose AND finished_at IS NULL
            """;
    private static final String FORGET_SEEN = """
            DELETE FROM lockstep.backfill_seen s USING lockstep.backfill_run r
            WHERE r.id = s.run_id AND r.finished_at IS NOT NULL
            """;
    private static final String FINISH = """
            UPDATE lockstep.backfill_run SET finished_at = clock_timestamp(), outcome = 'done'
            WHERE id = :run AND finished_at IS NULL
            """;
    private static final String WALKED = """
            UPDATE lockstep.backfill_run
            SET walked_through = greatest(walked_through, CAST(:through AS timestamptz)) WHERE id = :run
            """;
    private static final String DELETED = "UPDATE lockstep.backfill_run SET deleted = deleted + 1 WHERE id = :run";
    private static final String ADD_SHARDS = """
            INSERT INTO lockstep.backfill_shard (run_id, kind, scope, position)
            SELECT :run, :kind, scope, :position FROM unnest(CAST(:scopes AS text[])) AS wanted (scope)
            ON CONFLICT DO NOTHING
            """;
    private static final String NEXT = """
            SELECT kind, scope, cursor FROM lockstep.backfill_shard
            WHERE run_id = :run AND NOT done AND failure IS NULL ORDER BY position, scope LIMIT 1
            """;
    private static final String ADVANCE = """
            UPDATE lockstep.backfill_shard s SET cursor = CAST(:next AS text), done = :done, pages = s.pages + 1,
              seen = s.seen + :seen, changed = s.changed + :changed, unreadable = s.unreadable + :unreadable
            FROM lockstep.backfill_run r
            WHERE r.id = s.run_id AND r.finished_at IS NULL AND NOT s.done
              AND s.run_id = :run AND s.kind = :kind AND s.scope = :scope
              AND s.cursor IS NOT DISTINCT FROM CAST(:expected AS text)
            """;
    private static final String REMEMBER = """
            INSERT INTO lockstep.backfill_seen (run_id, kind, id)
            SELECT :run, :kind, id FROM unnest(CAST(:ids AS text[])) AS shown (id) ON CONFLICT DO NOTHING
            """;
    private static final String FAILED = """
            UPDATE lockstep.backfill_shard SET failure = :failure
            WHERE run_id = :run AND kind = :kind AND scope = :scope
            """;
    private static final String TRY_AGAIN = "UPDATE lockstep.backfill_shard SET failure = NULL WHERE run_id = :run";
    private static final String TOTALS = """
            SELECT count(*) AS shards, count(*) FILTER (WHERE done) AS done,
              count(*) FILTER (WHERE failure IS NOT NULL) AS failed, coalesce(sum(pages), 0) AS pages,
              coalesce(sum(seen), 0) AS seen, coalesce(sum(changed), 0) AS changed,
              coalesce(sum(unreadable), 0) AS unreadable
            FROM lockstep.backfill_shard WHERE run_id = :run
            """;
    private static final String ABSENT = """
            SELECT t.id FROM {table} t
            WHERE t.deleted_at IS NULL AND t.id > :after
              AND NOT EXISTS (SELECT FROM lockstep.backfill_seen s
                WHERE s.run_id = :run AND s.kind = :kind AND s.id = t.id)
              AND NOT EXISTS (SELECT FROM lockstep.backfill_shard s
                WHERE s.run_id = :run AND s.kind = :kind AND s.scope = {scope} AND (s.unreadable > 0 OR NOT s.done))
            ORDER BY t.id LIMIT 500
            """;

    private final Database database;
    private final String purpose;

    private Runs(Database database, String purpose) {
        this.database = database;
        this.purpose = purpose;
    }

    static Runs ofBackfill(Database database) {
        return new Runs(database, "backfill");
    }

    /** The walks that compare. */
    public static Runs ofReconcile(Database database) {
        return new Runs(database, "reconcile");
    }

    /**
     * One walk.
     *
     * @param boundary what changed later, the tail brings; by the clock of WorkOS
     * @param startedAt by the clock of the database
     * @param walkedThrough the clock of WorkOS at the last page, or null before the first
     * @param deleted rows found gone so far
     */
    public record Run(
            long id,
            Instant boundary,
            Instant startedAt,
            @Nullable Instant walkedThrough,
            long deleted) {}

    /** A list and where its next page begins. */
    record Place(Shard shard, @Nullable String cursor) {}

    /** The walk that is not finished, if any. */
    public Optional<Run> open() {
        return database.read(this::open);
    }

    private Optional<Run> open(Tx tx) {
        return tx.sql(OPEN)
                .param("purpose", purpose)
                .query((row, number) -> run(row))
                .optional();
    }

    /** Begins a walk with the lists of the whole environment; one that is not finished is given up. */
    public Run begin(Instant boundary) {
        return database.write(tx -> {
            tx.sql(GIVE_UP).param("purpose", purpose).update();
            tx.sql(FORGET_SEEN).update();
            Run run = tx.sql(BEGIN)
                    .param("purpose", purpose)
                    .param("boundary", boundary.toString())
                    .query((row, number) -> run(row))
                    .single();
            addShards(tx, run.id(), Mirrored.USERS, List.of(""));
            addShards(tx, run.id(), Mirrored.ORGANIZATIONS, List.of(""));
            return run;
        });
    }

    Run again(long run) {
        return database.write(tx -> {
            tx.sql(TRY_AGAIN).param("run", run).update();
            return open(tx).orElseThrow(Runs::overtaken);
        });
    }

    /** Ends a walk; what it was shown is forgotten. */
    public void finish(long run) {
        database.write(tx -> {
            if (tx.sql(FINISH).param("run", run).update() != 1) {
                throw overtaken();
            }
            return tx.sql(FORGET_SEEN).update();
        });
    }

    Optional<Place> next(long run) {
        return database.read(tx -> tx.sql(NEXT)
                .param("run", run)
                .query((row, number) -> new Place(
                        new Shard(Mirrored.of(row.getString("kind")), row.getString("scope")), row.getString("cursor")))
                .optional());
    }

    /** Moves a list behind a page, in the transaction that stores the page. */
    void advance(Tx tx, long run, Place place, Listed page, long changed) {
        Shard shard = place.shard();
        int moved = tx.sql(ADVANCE)
                .param("run", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .param("expected", place.cursor())
                .param("next", page.cursor())
                .param("done", page.cursor() == null)
                .param("seen", page.ids().size())
                .param("changed", changed)
                .param("unreadable", page.unreadable())
                .update();
        if (moved != 1) {
            throw overtaken();
        }
        tx.sql(REMEMBER)
                .param("run", run)
                .param("kind", shard.kind().word())
                .param("ids", page.ids().toArray(String[]::new))
                .update();
        if (page.serverTime() != null) {
            tx.sql(WALKED)
                    .param("run", run)
                    .param("through", page.serverTime().toString())
                    .update();
        }
        if (shard.kind() == Mirrored.ORGANIZATIONS) {
            addShards(tx, run, Mirrored.MEMBERSHIPS, page.ids());
        }
    }

    void failed(long run, Shard shard, String failure) {
        database.write(tx -> tx.sql(FAILED)
                .param("run", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .param("failure", failure)
                .update());
    }

    void countDeleted(Tx tx, long run) {
        tx.sql(DELETED).param("run", run).update();
    }

    /** How far a walk has come. */
    public Totals totals(long run) {
        return database.read(tx -> tx.sql(TOTALS)
                .param("run", run)
                .query((row, number) -> new Totals(
                        row.getLong("shards"),
                        row.getLong("done"),
                        row.getLong("failed"),
                        row.getLong("pages"),
                        row.getLong("seen"),
                        row.getLong("changed"),
                        row.getLong("unreadable")))
                .single());
    }

    /** Rows that are alive here and were not shown, where everything that was shown could be read; 500 at most. */
    List<String> absent(long run, Mirrored kind, String after) {
        return database.read(tx -> tx.sql(kind.in(ABSENT))
                .param("run", run)
                .param("kind", kind.word())
                .param("after", after)
                .query(String.class)
                .list());
    }

    private static void addShards(Tx tx, long run, Mirrored kind, List<String> scopes) {
        tx.sql(ADD_SHARDS)
                .param("run", run)
                .param("kind", kind.word())
                .param("position", kind.ordinal())
                .param("scopes", scopes.toArray(String[]::new))
                .update();
    }

    private static Run run(ResultSet row) throws SQLException {
        OffsetDateTime walked = row.getObject("walked_through", OffsetDateTime.class);
        return new Run(
                row.getLong("id"),
                row.getObject("boundary", OffsetDateTime.class).toInstant(),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                walked == null ? null : walked.toInstant(),
                row.getLong("deleted"));
    }

    private static SyncProblem overtaken() {
        return new SyncProblem(
                SyncProblem.Code.SYNC_WALK_OVERTAKEN,
                "Another process went on with this walk or gave it up; let that one finish.");
    }
}
