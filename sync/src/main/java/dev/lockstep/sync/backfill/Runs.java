package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Mirrored;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Owns {@code lockstep.walk}, {@code walk_shard} and {@code walk_page}: what walks there are and how far each is. */
public final class Runs {
    private static final String OPEN = """
            SELECT id, repairs, boundary, started_at, deleted FROM lockstep.walk
            WHERE purpose = :purpose AND finished_at IS NULL
            """;
    private static final String BEGIN = """
            INSERT INTO lockstep.walk (purpose, repairs, boundary)
            VALUES (:purpose, :repairs, CAST(:boundary AS timestamptz))
            RETURNING id, repairs, boundary, started_at, deleted
            """;
    private static final String GIVE_UP = """
            UPDATE lockstep.walk SET finished_at = clock_timestamp(), outcome = 'given up'
            WHERE purpose = :purpose AND finished_at IS NULL
            """;
    private static final String FORGET_SEEN = """
            DELETE FROM lockstep.walk_page s USING lockstep.walk w WHERE w.id = s.walk_id AND w.finished_at IS NOT NULL
            """;
    private static final String FORGET_OLD = """
            DELETE FROM lockstep.walk w WHERE w.purpose = :purpose AND w.finished_at IS NOT NULL AND w.id < (
              SELECT max(n.id) FROM lockstep.walk n WHERE n.purpose = :purpose AND n.outcome = 'done')
            """;
    private static final String FINISH = """
            UPDATE lockstep.walk SET finished_at = clock_timestamp(), outcome = 'done'
            WHERE id = :walk AND finished_at IS NULL
            """;
    private static final String DELETED = "UPDATE lockstep.walk SET deleted = deleted + 1 WHERE id = :walk";
    private static final String DELETIONS = "SELECT deleted FROM lockstep.walk WHERE id = :walk";
    private static final String ADD_SHARDS = """
            INSERT INTO lockstep.walk_shard (walk_id, kind, scope, position)
            SELECT :walk, :kind, scope, :position FROM unnest(CAST(:scopes AS text[])) AS wanted (scope)
            ON CONFLICT DO NOTHING
            """;
    private static final String NEXT = """
            SELECT kind, scope, cursor FROM lockstep.walk_shard
            WHERE walk_id = :walk AND NOT done AND failure IS NULL AND kind || '/' || scope <> ALL(CAST(:busy AS text[]))
            ORDER BY position, scope LIMIT 1
            """;
    private static final String ADVANCE = """
            UPDATE lockstep.walk_shard s SET cursor = CAST(:next AS text), done = :done, pages = s.pages + 1,
              seen = s.seen + :seen, changed = s.changed + :changed, unreadable = s.unreadable + :unreadable,
              digest = s.digest + :digest
            FROM lockstep.walk w
            WHERE w.id = s.walk_id AND w.finished_at IS NULL AND NOT s.done
              AND s.walk_id = :walk AND s.kind = :kind AND s.scope = :scope
              AND s.cursor IS NOT DISTINCT FROM CAST(:expected AS text)
            """;
    private static final String REMEMBER = """
            INSERT INTO lockstep.walk_page (walk_id, kind, keys) VALUES (:walk, :kind, CAST(:keys AS text[]))
            """;
    private static final String FAILED = """
            UPDATE lockstep.walk_shard SET failure = :failure WHERE walk_id = :walk AND kind = :kind AND scope = :scope
            """;
    private static final String TRY_AGAIN = "UPDATE lockstep.walk_shard SET failure = NULL WHERE walk_id = :walk";
    private static final String DIGEST = """
            SELECT digest FROM lockstep.walk_shard
            WHERE walk_id = :walk AND kind = :kind AND scope = :scope AND done AND unreadable = 0
            """;
    private static final String EXACT = """
            UPDATE lockstep.walk_shard SET exact = :exact WHERE walk_id = :walk AND kind = :kind AND scope = :scope
            """;
    private static final String EXACT_SHARDS =
            "SELECT count(*) FROM lockstep.walk_shard WHERE walk_id = :walk AND exact";
    private static final String TOTALS = """
            SELECT count(*) AS shards, count(*) FILTER (WHERE done) AS done,
              count(*) FILTER (WHERE failure IS NOT NULL) AS failed, coalesce(sum(pages), 0) AS pages,
              coalesce(sum(seen), 0) AS seen, coalesce(sum(changed), 0) AS changed,
              coalesce(sum(unreadable), 0) AS unreadable
            FROM lockstep.walk_shard WHERE walk_id = :walk
            """;
    private static final String LAST_PAGES = """
            SELECT sum(s.pages) FROM lockstep.walk_shard s WHERE s.walk_id = (
              SELECT max(id) FROM lockstep.walk WHERE outcome = 'done')
            """;
    /** What was shown is hashed once; a plan made for few rows must not search it for each. */
    private static final String HASHED = "SET LOCAL enable_nestloop = off";

    private static final String ABSENT = """
            WITH shown AS MATERIALIZED (
              SELECT unnest(keys) AS key FROM lockstep.walk_page WHERE walk_id = :walk AND kind = :kind)
            SELECT {key} AS key, {scope} AS scope FROM {table} t
            WHERE t.deleted_at IS NULL AND {key} > :after AND {scope} IS NOT NULL
              AND CASE WHEN t.created_at IS NULL THEN t.applied_at < CAST(:startedAt AS timestamptz)
                ELSE t.created_at < CAST(:boundary AS timestamptz) END
              AND NOT EXISTS (SELECT FROM lockstep.walk_shard s
                WHERE s.walk_id = :walk AND s.kind = ANY(CAST(:above AS text[])) AND (s.unreadable > 0 OR NOT s.done))
              AND NOT EXISTS (SELECT FROM shown s WHERE s.key = {key})
              AND NOT EXISTS (SELECT FROM lockstep.walk_shard s
                WHERE s.walk_id = :walk AND s.kind = :carrier AND s.scope = {scope}
                  AND (s.unreadable > 0 OR NOT s.done OR (s.exact AND :kind = :carrier)))
            ORDER BY 1 LIMIT 500
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
     * @param repairs whether it writes to the mirror
     * @param boundary what changed later, the tail brings; by the clock of WorkOS
     * @param startedAt by the clock of the database
     * @param deleted rows marked as gone when this was read
     */
    public record Run(long id, boolean repairs, Instant boundary, Instant startedAt, long deleted) {}

    /** A list and where its next page begins. */
    record Place(Shard shard, @Nullable String cursor) {}

    /**
     * A row of the mirror.
     *
     * @param scope of the list that would show it
     * @param key the parts of a key of several columns joined by slashes
     */
    public record Row(String scope, String key) {}

    /**
     * What a page came to.
     *
     * @param seen objects of the kind of the list
     * @param changed of what came, new or other than the row
     * @param digest of the objects of the kind of the list; zero where nobody asks for it
     */
    public record Taken(int seen, long changed, BigDecimal digest) {}

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

    /**
     * Begins a walk with the lists of the whole environment; one that is not finished is given up.
     *
     * @param kinds what can be listed
     */
    public Run begin(Tx tx, Instant boundary, boolean repairs, Set<Mirrored> kinds) {
        tx.sql(GIVE_UP).param("purpose", purpose).update();
        tx.sql(FORGET_SEEN).update();
        Run run = tx.sql(BEGIN)
                .param("purpose", purpose)
                .param("repairs", repairs)
                .param("boundary", boundary.toString())
                .query((row, number) -> run(row))
                .single();
        kinds.stream()
                .filter(kind -> kind.within() == null && kind.carrier().equals(kind))
                .forEach(kind -> addShards(tx, run.id(), kind, List.of("")));
        return run;
    }

    /** Lets lists that failed be tried again. */
    public void tryAgain(long run) {
        database.write(tx -> tx.sql(TRY_AGAIN).param("walk", run).update());
    }

    /** Ends a walk, in the caller's transaction; what it was shown is forgotten, and so are older walks. */
    public void finish(Tx tx, long run) {
        if (tx.sql(FINISH).param("walk", run).update() != 1) {
            throw overtaken();
        }
        tx.sql(FORGET_SEEN).update();
        tx.sql(FORGET_OLD).param("purpose", purpose).update();
    }

    Optional<Place> next(long run, Collection<String> busy) {
        return database.read(tx -> tx.sql(NEXT)
                .param("walk", run)
                .param("busy", busy.toArray(String[]::new))
                .query((row, number) -> new Place(
                        new Shard(Mirrored.of(row.getString("kind")), row.getString("scope")), row.getString("cursor")))
                .optional());
    }

    /** Moves a list behind a page, in the transaction that stores the page. */
    void advance(Tx tx, long run, Place place, @Nullable String next, Taken taken, int unreadable) {
        Shard shard = place.shard();
        int moved = tx.sql(ADVANCE)
                .param("walk", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .param("expected", place.cursor())
                .param("next", next)
                .param("done", next == null)
                .param("seen", taken.seen())
                .param("changed", taken.changed())
                .param("digest", taken.digest())
                .param("unreadable", unreadable)
                .update();
        if (moved != 1) {
            throw overtaken();
        }
    }

    void remember(Tx tx, long run, Mirrored kind, List<String> keys) {
        if (!keys.isEmpty()) {
            tx.sql(REMEMBER)
                    .param("walk", run)
                    .param("kind", kind.word())
                    .param("keys", keys.toArray(String[]::new))
                    .update();
        }
    }

    /** Returns how many of the lists are new. */
    int addShards(Tx tx, long run, Mirrored kind, List<String> scopes) {
        return scopes.isEmpty()
                ? 0
                : tx.sql(ADD_SHARDS)
                        .param("walk", run)
                        .param("kind", kind.word())
                        .param("position", List.of(Mirrored.values()).indexOf(kind))
                        .param("scopes", scopes.toArray(String[]::new))
                        .update();
    }

    void failed(long run, Shard shard, String failure) {
        database.write(tx -> tx.sql(FAILED)
                .param("walk", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .param("failure", failure)
                .update());
    }

    /** Counts a row that was marked as gone. */
    public void countDeleted(Tx tx, long run) {
        tx.sql(DELETED).param("walk", run).update();
    }

    /** How many rows the walk marked as gone. */
    public long deletions(long run) {
        return database.read(
                tx -> tx.sql(DELETIONS).param("walk", run).query(Long.class).single());
    }

    /** The sum over what a list showed; empty unless it was read to its end without a gap. */
    public Optional<BigDecimal> digest(Tx tx, long run, Shard shard) {
        return tx.sql(DIGEST)
                .param("walk", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .query(BigDecimal.class)
                .optional();
    }

    /** Records whether the rows had the same sum. */
    public void exact(Tx tx, long run, Shard shard, boolean exact) {
        tx.sql(EXACT)
                .param("walk", run)
                .param("kind", shard.kind().word())
                .param("scope", shard.scope())
                .param("exact", exact)
                .update();
    }

    /** How many lists had the same sum. */
    public long exactShards(Tx tx, long run) {
        return tx.sql(EXACT_SHARDS).param("walk", run).query(Long.class).single();
    }

    /** How far a walk has come. */
    public Totals totals(long run) {
        return database.read(tx -> tx.sql(TOTALS)
                .param("walk", run)
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

    /** How many pages the last finished walk read; zero when there was none. */
    public long pagesOfTheLast() {
        return database.read(
                tx -> tx.sql(LAST_PAGES).query((row, number) -> row.getLong(1)).single());
    }

    /**
     * Rows that are alive here, were before the walk began, and were not shown, where everything that was shown could
     * be read; 500 at most. An exact list accuses nobody, and nobody is accused below a list that could not be read.
     */
    List<Row> absent(Run run, Mirrored kind, String after) {
        return database.read(tx -> absent(tx, run, kind, after));
    }

    private static List<Row> absent(Tx tx, Run run, Mirrored kind, String after) {
        tx.sql(HASHED).update();
        return tx.sql(kind.in(ABSENT))
                .param("walk", run.id())
                .param("boundary", run.boundary().toString())
                .param("startedAt", run.startedAt().toString())
                .param("kind", kind.word())
                .param("carrier", kind.carrier().word())
                .param("above", above(kind))
                .param("after", after)
                .query((row, number) -> new Row(row.getString("scope"), row.getString("key")))
                .list();
    }

    private static String[] above(Mirrored kind) {
        List<String> above = new ArrayList<>();
        for (Mirrored each = kind.carrier().within(); each != null; each = each.within()) {
            above.add(each.word());
        }
        return above.toArray(String[]::new);
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                row.getLong("id"),
                row.getBoolean("repairs"),
                row.getObject("boundary", OffsetDateTime.class).toInstant(),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getLong("deleted"));
    }

    private static SyncProblem overtaken() {
        return new SyncProblem(
                SyncProblem.Code.SYNC_WALK_OVERTAKEN,
                "Another process went on with this walk or gave it up; let that one finish.");
    }
}
