package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.client.LiveResult;
import dev.lockstep.live.client.LiveView;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.store.Database;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tables in which every commit leaves its name, and a judge over what pages have shown: each view names the commits that it
 * contains, so it can be compared with the state that exactly these commits make, and all views of all pages over all nodes
 * must lie on one chain, which is the serial history.
 */
final class Chronicle {
    static final int NAMES = 9;
    static final List<String> OWNERS = List.of("ada", "ben", "cleo");
    private static final String TABLES = """
            CREATE TABLE app.versions (name text PRIMARY KEY, version int NOT NULL);
            CREATE TABLE app.things (name text PRIMARY KEY, owner text NOT NULL, value int NOT NULL);
            CREATE TABLE app.chronicle (commit text NOT NULL, name text NOT NULL, version int NOT NULL, owner text, value int);
            CREATE INDEX ON app.chronicle (name, version);
            CALL lockstep.watch('app.things', 'name', 'owner');
            CALL lockstep.watch('app.chronicle', 'name');
            INSERT INTO app.versions SELECT 'c' || i, 0 FROM generate_series(0, %d) i;
            CREATE FUNCTION app.put(c text, n text, o text, v int) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE next int;
            BEGIN
              UPDATE app.versions SET version = version + 1 WHERE name = n RETURNING version INTO next;
              IF o IS NULL THEN
                DELETE FROM app.things WHERE name = n;
              ELSE
                INSERT INTO app.things VALUES (n, o, v)
                ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, value = excluded.value;
              END IF;
              INSERT INTO app.chronicle VALUES (c, n, next, o, v);
            END $$;
            """.formatted(NAMES - 1);
    private static final String JOIN = """
            SELECT t.name, t.value, c.commit FROM app.things t
            JOIN app.chronicle c ON c.name = t.name
              AND c.version = (SELECT max(version) FROM app.chronicle l WHERE l.name = t.name)
            ORDER BY t.name
            """;

    private Chronicle() {}

    static void prepare(DataSource dataSource) {
        LiveHouse.prepare(dataSource);
        LiveHouse.execute(dataSource, TABLES);
    }

    static LiveFunctions functions() {
        return LiveFunctions.builder()
                .query(
                        "chronicle:commits",
                        (ctx, args) -> ctx
                                .sql(
                                        List.of(Dependency.table("app.chronicle")),
                                        "SELECT DISTINCT commit FROM app.chronicle ORDER BY commit")
                                .rows()
                                .stream()
                                .map(row -> row.value("commit"))
                                .toList())
                .query(
                        "chronicle:get",
                        (ctx, args) -> ctx.table("app.things")
                                .index("name")
                                .eq(args.text("name"))
                                .unique()
                                .map(Row::toMap)
                                .orElse(null),
                        ArgField.text("name"))
                .query(
                        "chronicle:of",
                        (ctx, args) -> ctx.table("app.things").index("owner").eq(args.text("owner")).collect().stream()
                                .map(row -> row.value("name"))
                                .sorted(Comparator.comparing(String::valueOf))
                                .toList(),
                        ArgField.text("owner"))
                .query(
                        "chronicle:between",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte(args.text("low"))
                                .lt(args.text("high"))
                                .collect()),
                        ArgField.text("low"),
                        ArgField.text("high"))
                .query(
                        "chronicle:last",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte("c")
                                .descending()
                                .take(2)))
                .query(
                        "chronicle:page",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte("c")
                                .paginate(PageOptions.first(3))
                                .page()))
                .query(
                        "chronicle:latest",
                        (ctx, args) -> ctx
                                .sql(List.of(Dependency.table("app.things"), Dependency.table("app.chronicle")), JOIN)
                                .rows()
                                .stream()
                                .map(Row::toMap)
                                .toList())
                .mutation(
                        "chronicle:put",
                        (ctx, args) -> {
                            for (String name : args.text("names").split(",")) {
                                ctx.tx()
                                        .sql("SELECT app.put(:commit, :name, :owner, :value)::text")
                                        .param("commit", args.text("commit"))
                                        .param("name", name)
                                        .param(
                                                "owner",
                                                args.optionalText("owner").orElse(null))
                                        .param("value", (int) args.number("value"))
                                        .query(String.class)
                                        .single();
                            }
                            return args.text("commit");
                        },
                        ArgField.text("commit"),
                        ArgField.text("names"),
                        ArgField.text("owner").orNull(),
                        ArgField.number("value"))
                .build();
    }

    private static List<Object> names(List<Row> rows) {
        List<Object> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.value("name")));
        return names;
    }

    /** One row of one commit. */
    private record Written(
            String commit,
            String name,
            int version,
            @Nullable String owner,
            @Nullable Integer value) {}

    /** Everything that was committed, and how it is looked up. */
    static final class History {
        private final Map<String, List<Written>> commits = new HashMap<>();
        private final Map<String, Integer> numbers = new HashMap<>();

        static History read(DataSource dataSource) {
            History history = new History();
            List<Written> rows = new Database(dataSource)
                    .read(tx -> tx.sql("SELECT commit, name, version, owner, value FROM app.chronicle")
                            .query((rs, n) -> new Written(
                                    rs.getString("commit"),
                                    rs.getString("name"),
                                    rs.getInt("version"),
                                    rs.getString("owner"),
                                    rs.getObject("value", Integer.class)))
                            .list());
            for (Written row : rows) {
                history.commits
                        .computeIfAbsent(row.commit(), c -> new ArrayList<>())
                        .add(row);
                history.numbers.putIfAbsent(row.commit(), history.numbers.size());
            }
            return history;
        }

        int size() {
            return commits.size();
        }

        boolean contains(String commit) {
            return commits.containsKey(commit);
        }

        /** How many rows a commit of two names or one has left: more would be a mutation that was carried out twice. */
        long rowsOf(String commit, String name) {
            return commits.getOrDefault(commit, List.of()).stream()
                    .filter(row -> row.name().equals(name))
                    .count();
        }

        /** The newest row of each name among some commits; fails when a row between is missing. */
        private Map<String, Written> state(List<?> seen) {
            Map<String, Written> newest = new TreeMap<>();
            Map<String, Integer> counted = new HashMap<>();
            for (Object commit : seen) {
                List<Written> rows = commits.get(String.valueOf(commit));
                assertThat(rows)
                        .as("a commit that was shown exists: %s", commit)
                        .isNotNull();
                for (Written row : rows) {
                    counted.merge(row.name(), 1, Integer::sum);
                    newest.merge(row.name(), row, (a, b) -> a.version() > b.version() ? a : b);
                }
            }
            newest.forEach((name, row) -> assertThat(counted.get(name))
                    .as("every change of %s before the one that is shown is shown too", name)
                    .isEqualTo(row.version()));
            newest.values().removeIf(row -> row.owner() == null);
            return newest;
        }
    }

    /** Two ends of a range of names, the second one outside. */
    record Between(String low, String high) {}

    /** What one page follows, by the numbers of its subscriptions. */
    record Followed(
            long commits,
            Map<Long, String> names,
            Map<Long, String> owners,
            Map<Long, Between> ranges,
            long last,
            long page,
            long latest) {}

    /** Compares one view with the state that its own commits make; returns these commits. */
    static @Nullable BitSet judge(History history, Followed followed, LiveView view) {
        Map<Long, LiveResult> results = view.results();
        LiveResult commits = results.get(followed.commits());
        if (commits == null) {
            return null;
        }
        List<?> seen = (List<?>) value(commits);
        Map<String, Written> state = history.state(seen);
        followed.names().forEach((id, name) -> {
            LiveResult shown = results.get(id);
            if (shown != null) {
                Written row = state.get(name);
                Object expected = row == null
                        ? null
                        : Map.of("name", name, "owner", Objects.requireNonNull(row.owner()), "value", (double)
                                Objects.requireNonNull(row.value()));
                assertThat(value(shown)).as("the thing %s at %s", name, seen).isEqualTo(expected);
            }
        });
        followed.owners().forEach((id, owner) -> {
            LiveResult shown = results.get(id);
            if (shown != null) {
                assertThat(value(shown))
                        .as("the things of %s at %s", owner, seen)
                        .isEqualTo(state.values().stream()
                                .filter(row -> owner.equals(row.owner()))
                                .map(Written::name)
                                .collect(Collectors.toList()));
            }
        });
        List<String> sorted = List.copyOf(state.keySet());
        followed.ranges().forEach((id, range) -> {
            LiveResult shown = results.get(id);
            if (shown != null) {
                assertThat(value(shown))
                        .as("the range %s at %s", range, seen)
                        .isEqualTo(sorted.stream()
                                .filter(name -> name.compareTo(range.low()) >= 0 && name.compareTo(range.high()) < 0)
                                .toList());
            }
        });
        LiveResult last = results.get(followed.last());
        if (last != null) {
            assertThat(value(last))
                    .as("the last two at %s", seen)
                    .isEqualTo(sorted.reversed().stream().limit(2).toList());
        }
        // Where the page ends was decided when it was first read; up to there it holds everything.
        LiveResult page = results.get(followed.page());
        if (page != null) {
            List<?> shown = (List<?>) Objects.requireNonNull(value(page));
            assertThat(shown).as("the page at %s", seen).isEqualTo(sorted.subList(0, shown.size()));
        }
        LiveResult latest = results.get(followed.latest());
        if (latest != null) {
            assertThat(value(latest))
                    .as("the join at %s", seen)
                    .isEqualTo(state.values().stream()
                            .map(row -> Map.of(
                                    "name",
                                    row.name(),
                                    "value",
                                    (double) Objects.requireNonNull(row.value()),
                                    "commit",
                                    row.commit()))
                            .toList());
        }
        BitSet set = new BitSet();
        seen.forEach(commit -> set.set(Objects.requireNonNull(history.numbers.get(String.valueOf(commit)))));
        return set;
    }

    private static @Nullable Object value(LiveResult result) {
        if (result instanceof LiveResult.Value shown) {
            return shown.value();
        }
        throw new AssertionError("a query failed: " + result);
    }

    /** All states that were shown, by whomever, lie on one chain: each contains all smaller ones. */
    static int assertOneHistory(List<BitSet> states) {
        TreeSet<BitSet> distinct =
                new TreeSet<>(Comparator.comparingInt(BitSet::cardinality).thenComparing(BitSet::toString));
        distinct.addAll(states);
        BitSet before = new BitSet();
        for (BitSet state : distinct) {
            BitSet lost = (BitSet) before.clone();
            lost.andNot(state);
            assertThat(lost.isEmpty())
                    .as("two pages have seen states that no serial history contains both: %s and %s", before, state)
                    .isTrue();
            before = state;
        }
        return distinct.size();
    }
}
