package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.subscription.ReadSetIndex;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.testing.PostgresExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random rows, random reads, random writes. Every read must return what plain SQL returns, and after each write every read
 * whose answer has changed must have been made stale by it. A read may be called stale although its answer is the same,
 * but not by a row that lies outside of what it looked at.
 */
class ReaderOracleTest {
    private static final Caller ADA = ProjectHouse.member("org_a");
    private static final long SEED = 20261121;
    private static final int ROUNDS = 400;
    private static final String[] TITLES = {"", "a", "Z", "z", "ä", "ab", "\uFFFD", "😀", "a b"};

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("projects", ProjectHouse::prepare);

    private final Random random = new Random(SEED);
    private ProjectHouse house;
    private long seen;

    @BeforeEach
    void open() {
        house = new ProjectHouse(postgres.dataSource(), ProjectHouse.standard());
    }

    /**
     * One read as a function writes it, and the same in SQL.
     *
     * @param sql gives the ids in order
     */
    private record Read(String what, java.util.function.Function<QueryContext, List<UUID>> read, String sql) {}

    private Read anyRead() {
        int rank = random.nextInt(12);
        int width = random.nextInt(6);
        int most = 1 + random.nextInt(4);
        String title = TITLES[random.nextInt(TITLES.length)];
        Instant due = Instant.ofEpochSecond(1_800_000_000L + random.nextInt(10));
        String own = " FROM app.tasks WHERE organization_id = 'org_a'";
        return switch (random.nextInt(9)) {
            case 0 ->
                new Read(
                        "rank in [" + rank + "," + (rank + width) + ")",
                        c -> ids(tasks(c, "by_rank").gte(rank).lt(rank + width).collect()),
                        "SELECT id" + own + " AND rank >= " + rank + " AND rank < " + (rank + width)
                                + " ORDER BY rank, id");
            case 1 ->
                new Read(
                        "first " + most + " above " + rank,
                        c -> ids(tasks(c, "by_rank").gt(rank).take(most)),
                        "SELECT id" + own + " AND rank > " + rank + " ORDER BY rank, id LIMIT " + most);
            case 2 ->
                new Read(
                        "last " + most + " below " + rank,
                        c -> ids(tasks(c, "by_rank").lte(rank).descending().take(most)),
                        "SELECT id" + own + " AND rank <= " + rank + " ORDER BY rank DESC, id DESC LIMIT " + most);
            case 3 ->
                new Read(
                        "title " + title,
                        c -> ids(tasks(c, "by_title").eq(title).collect()),
                        "SELECT id" + own + " AND title = '" + title + "' ORDER BY id");
            case 4 ->
                new Read(
                        "titles from " + title,
                        c -> ids(tasks(c, "by_title").gte(title).take(most)),
                        "SELECT id" + own + " AND title >= '" + title + "' ORDER BY title, id LIMIT " + most);
            case 5 ->
                new Read(
                        "due until " + due,
                        c -> ids(tasks(c, "by_due").lt(due).descending().take(most)),
                        "SELECT id" + own + " AND due_at < '" + due + "' ORDER BY due_at DESC, id DESC LIMIT " + most);
            case 6 ->
                new Read(
                        "page of " + most,
                        c -> ids(tasks(c, "by_rank")
                                .paginate(PageOptions.first(most))
                                .page()),
                        "SELECT id" + own + " ORDER BY rank, id LIMIT " + most);
            case 7 ->
                new Read(
                        "first of rank " + rank,
                        c -> ids(tasks(c, "by_rank").eq(rank).first().stream().toList()),
                        "SELECT id" + own + " AND rank = " + rank + " ORDER BY id LIMIT 1");
            default -> {
                UUID id = new UUID(0, random.nextInt(40));
                yield new Read(
                        "id " + id,
                        c -> ids(c.table(ProjectHouse.TASKS).get(id).stream().toList()),
                        "SELECT id" + own + " AND id = '" + id + "'");
            }
        };
    }

    private static Range<ProjectHouse.Task> tasks(QueryContext context, String index) {
        return context.table(ProjectHouse.TASKS).index(index).eq("org_a");
    }

    private static List<UUID> ids(List<ProjectHouse.Task> tasks) {
        return tasks.stream().map(ProjectHouse.Task::id).toList();
    }

    private record Answered(List<UUID> ids, Set<Dependency> readSet) {}

    private Answered ask(Read read) {
        return house.database.read(tx -> {
            FunctionRun run = FunctionRun.query(house.functions, new WatchedTables(), tx, ADA, Instant.EPOCH, null);
            List<UUID> ids = read.read.apply(run);
            return new Answered(ids, run.readSet());
        });
    }

    private List<UUID> plain(Read read) {
        return house.database.read(tx -> tx.sql(read.sql).query(UUID.class).list());
    }

    private void write() {
        UUID id = new UUID(0, random.nextInt(40));
        int rank = random.nextInt(12);
        String organization = random.nextInt(4) == 0 ? "org_b" : "org_a";
        String title = TITLES[random.nextInt(TITLES.length)];
        Instant due = Instant.ofEpochSecond(1_800_000_000L + random.nextInt(10));
        house.sql(
                switch (random.nextInt(6)) {
                    case 0 -> "DELETE FROM app.tasks WHERE id = '" + id + "'";
                    case 1 -> "UPDATE app.tasks SET done = NOT done WHERE id = '" + id + "'";
                    case 2 -> "UPDATE app.tasks SET rank = " + rank + " WHERE id = '" + id + "'";
                    case 3 -> random.nextInt(20) == 0 ? "TRUNCATE app.tasks" : "UPDATE app.tasks SET rank = rank";
                    default ->
                        "INSERT INTO app.tasks VALUES ('" + id + "', '" + organization + "', '" + title + "', " + rank
                                + ", '" + due
                                + "') ON CONFLICT (id) DO UPDATE SET title = excluded.title, rank = excluded.rank,"
                                + " due_at = excluded.due_at, organization_id = excluded.organization_id";
                });
    }

    private List<Change> changes() {
        return house.database.read(this::changes);
    }

    private List<Change> changes(Tx tx) {
        List<Change> changes = tx.sql("""
                        SELECT id, xid::text::bigint AS xid, table_name, op, old_key::text, new_key::text
                        FROM lockstep.change WHERE id > :seen ORDER BY id
                        """)
                .param("seen", seen)
                .query((rs, row) -> new Change(
                        rs.getLong("id"),
                        rs.getLong("xid"),
                        Instant.EPOCH,
                        rs.getString("table_name"),
                        switch (rs.getString("op")) {
                            case "I" -> Change.Op.INSERT;
                            case "U" -> Change.Op.UPDATE;
                            case "D" -> Change.Op.DELETE;
                            default -> Change.Op.TRUNCATE;
                        },
                        key(rs.getString("old_key")),
                        key(rs.getString("new_key"))))
                .list();
        changes.forEach(change -> seen = change.id());
        return changes;
    }

    private static Map<String, JsonNode> key(String json) {
        Map<String, JsonNode> key = new HashMap<>();
        if (json != null) {
            JsonMapper.shared().readTree(json).properties().forEach(field -> key.put(field.getKey(), field.getValue()));
        }
        return key;
    }

    @Test
    void everyReadIsWhatSqlSaysAndGoesStaleWheneverItsAnswerChanges() {
        for (int i = 0; i < 60; i++) {
            write();
        }
        changes();
        int stayed = 0;
        int wentStale = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ReadSetIndex<Read> index = new ReadSetIndex<>();
            Map<Read, Answered> answers = new HashMap<>();
            for (int i = 0; i < 6; i++) {
                Read read = anyRead();
                Answered answered = ask(read);
                assertThat(answered.ids).as("%s, seed %d", read.what, SEED).isEqualTo(plain(read));
                answers.put(read, answered);
                index.put(read, answered.readSet);
            }
            write();
            Set<Read> stale = index.invalidated(changes());
            for (Read read : new ArrayList<>(answers.keySet())) {
                if (stale.contains(read)) {
                    wentStale++;
                } else {
                    stayed++;
                    assertThat(plain(read))
                            .as("%s was not called stale in round %d, seed %d", read.what, round, SEED)
                            .isEqualTo(answers.get(read).ids);
                }
            }
        }
        // Most writes touch few reads: the stretches are narrow.
        assertThat(stayed).isGreaterThan(wentStale);
    }

    @Test
    void readsUseTheIndexesThatTheyName() {
        house.sql(
                "INSERT INTO app.tasks SELECT gen_random_uuid(), 'org_' || (i % 50), 't' || i, i, now() FROM generate_series(1, 20000) i");
        house.sql("ANALYZE app.tasks");
        WatchedTables watched = new WatchedTables();
        Map<String, String> reads =
                Map.of("tasks_by_rank", "by_rank", "tasks_by_title", "by_title", "tasks_by_due", "by_due");
        reads.forEach((index, name) -> {
            String plan = house.database.read(tx -> {
                FunctionRun run = FunctionRun.query(house.functions, watched, tx, ADA, Instant.EPOCH, null);
                Explaining explaining = new Explaining(watched, tx);
                assertThat(run.table(ProjectHouse.TASKS).index(name).eq("org_a").take(3))
                        .isEmpty();
                return explaining.plan(name);
            });
            assertThat(plan).as(name).contains(index).doesNotContain("Seq Scan").doesNotContain("Sort ");
        });
    }

    /** Plans the statement of a read with its values. */
    private record Explaining(WatchedTables watched, Tx tx) {
        String plan(String name) {
            WatchedTables.Table table = watched.require(tx, "app.tasks");
            List<WatchedTables.Column> columns = ProjectHouse.TASKS.source().index(name).stream()
                    .map(table::lookup)
                    .toList();
            List<WatchedTables.Column> order = new ArrayList<>(columns.subList(1, columns.size()));
            order.addAll(table.key());
            Scan scan = new Scan(
                    table,
                    List.of("id"),
                    List.of(new Scan.Equal(
                            columns.getFirst(), columns.getFirst().value("org_7"))),
                    order,
                    dev.lockstep.live.subscription.Stretch.Bound.NONE,
                    dev.lockstep.live.subscription.Stretch.Bound.NONE,
                    true);
            return String.join(
                    "\n",
                    tx.sql("EXPLAIN " + scan.text())
                            .param("e0", "org_7")
                            .param("most", 3)
                            .query(String.class)
                            .list());
        }
    }
}
