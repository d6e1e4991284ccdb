package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.client.LiveResult;
import dev.lockstep.live.client.LiveView;
import dev.lockstep.store.Database;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A judge over what pages have shown: each view names the commits that it contains, so it can be compared with the state
 * that exactly these commits make, and all views of all pages over all nodes must lie on one chain, which is the serial
 * history.
 */
final class Judgement {
    private Judgement() {}

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

        /** How many commits the mirror's merge has made. */
        int byTheMerge() {
            return (int) commits.keySet().stream()
                    .filter(name -> name.startsWith("x"))
                    .count();
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

    /**
     * What one page follows, by the numbers of its subscriptions.
     *
     * @param windows each window's number, and that of the window that goes on where it ends
     */
    record Followed(
            long commits,
            Map<Long, String> names,
            Map<Long, String> owners,
            Map<Long, Between> ranges,
            long last,
            long page,
            long latest,
            long people,
            Map<Long, String> persons,
            long owned,
            Map<Long, Long> windows) {}

    /** Compares one view with the state that its own commits make; returns these commits. */
    static @Nullable BitSet judge(History history, Followed followed, LiveView view) {
        LiveResult commits = view.results().get(followed.commits());
        if (commits == null) {
            return null;
        }
        List<?> seen = (List<?>) value(commits);
        TreeMap<String, Written> all = new TreeMap<>(history.state(seen));
        SortedMap<String, Written> things = all.subMap("c", "d");
        SortedMap<String, Written> people = all.subMap("user_", "user`");
        Judge judge = new Judge(view, seen);
        followed.names().forEach((id, name) -> judge.compare("the thing " + name, id, thing(things.get(name))));
        followed.owners().forEach((id, owner) -> judge.compare("the things of " + owner, id, namesOf(things, owner)));
        followed.ranges()
                .forEach((id, range) -> judge.compare(
                        "the range " + range,
                        id,
                        List.copyOf(things.subMap(range.low(), range.high()).keySet())));
        List<String> sorted = List.copyOf(things.keySet());
        judge.compare(
                "the last two",
                followed.last(),
                sorted.reversed().stream().limit(2).toList());
        judge.compare(
                "the join of things and commits",
                followed.latest(),
                things.values().stream()
                        .map(row -> Map.of("name", row.name(), "value", number(row), "commit", row.commit()))
                        .toList());
        judge.compare(
                "the people",
                followed.people(),
                people.values().stream().map(Judgement::person).toList());
        followed.persons()
                .forEach((id, person) ->
                        judge.compare(person, id, people.containsKey(person) ? person(people.get(person)) : null));
        judge.compare(
                "the join of things and people",
                followed.owned(),
                things.values().stream()
                        .filter(row -> people.containsKey(owner(row)))
                        .map(row -> Map.of("name", row.name(), "owner", owner(people.get(owner(row)))))
                        .toList());
        judge.pages(followed, sorted);
        BitSet set = new BitSet();
        seen.forEach(commit -> set.set(Objects.requireNonNull(history.numbers.get(String.valueOf(commit)))));
        return set;
    }

    private static @Nullable Object thing(@Nullable Written row) {
        return row == null ? null : Map.of("name", row.name(), "owner", owner(row), "value", number(row));
    }

    private static Map<String, Object> person(Written row) {
        return Map.of("id", row.name(), "name", owner(row));
    }

    private static String owner(Written row) {
        return Objects.requireNonNull(row.owner());
    }

    private static double number(Written row) {
        return Objects.requireNonNull(row.value());
    }

    private static List<String> namesOf(SortedMap<String, Written> things, String owner) {
        return things.values().stream()
                .filter(row -> owner.equals(row.owner()))
                .map(Written::name)
                .toList();
    }

    /** One view, and the commits that it says it contains. */
    private record Judge(LiveView view, List<?> seen) {
        void compare(String what, long id, @Nullable Object expected) {
            LiveResult shown = view.results().get(id);
            if (shown != null) {
                assertThat(value(shown)).as("%s at %s", what, seen).isEqualTo(expected);
            }
        }

        /** Where a page ends was decided when it was first read; up to there it holds everything. */
        void pages(Followed followed, List<String> sorted) {
            LiveResult page = view.results().get(followed.page());
            if (page != null) {
                List<?> shown = (List<?>) Objects.requireNonNull(value(page));
                assertThat(shown).as("the page at %s", seen).isEqualTo(sorted.subList(0, shown.size()));
            }
            followed.windows().forEach((first, second) -> {
                List<String> shown = new ArrayList<>();
                boolean end = take(first, shown);
                if (view.results().containsKey(first) && view.results().containsKey(second)) {
                    end = take(second, shown);
                }
                assertThat(shown)
                        .as("windows %d and %d at %s", first, second, seen)
                        .isEqualTo(end ? sorted : sorted.subList(0, Math.min(shown.size(), sorted.size())));
            });
        }

        /** Adds the names of a window; returns whether it says that nothing follows. */
        private boolean take(long id, List<String> names) {
            LiveResult result = view.results().get(id);
            if (result == null) {
                return false;
            }
            Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(value(result));
            for (Object row : (List<?>) Objects.requireNonNull(page.get("page"))) {
                names.add(String.valueOf(((Map<?, ?>) row).get("name")));
            }
            return Boolean.TRUE.equals(page.get("isDone"));
        }
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
