package dev.lockstep.live.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.subscription.IndexValue.Kind;
import dev.lockstep.store.feed.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class RangeTreeTest {
    private record Reader(Cut low, Cut high) {
        boolean holds(List<IndexValue> key) {
            return low.compareToKey(key) < 0 && high.compareToKey(key) > 0;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20261121})
    void itFindsWhatLookingAtEveryRangeFinds(long seed) {
        Random random = new Random(seed);
        RangeTree<Integer> tree = new RangeTree<>();
        Map<Integer, Reader> readers = new HashMap<>();
        for (int step = 0; step < 4000; step++) {
            int id = random.nextInt(300);
            Reader old = readers.remove(id);
            if (old != null) {
                tree.remove(old.low, old.high, id);
            }
            if (random.nextInt(3) > 0) {
                Reader fresh = new Reader(cut(random), cut(random));
                readers.put(id, fresh);
                tree.add(fresh.low, fresh.high, id);
            }
            List<IndexValue> key = List.of(value(random), value(random));
            Set<Integer> found = new HashSet<>();
            tree.collect(key, found);
            assertThat(found)
                    .isEqualTo(readers.entrySet().stream()
                            .filter(entry -> entry.getValue().holds(key))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()));
        }
        new HashMap<>(readers).forEach((id, reader) -> tree.remove(reader.low, reader.high, id));
        assertThat(tree.isEmpty()).isTrue();
    }

    private static Cut cut(Random random) {
        List<IndexValue> values =
                Stream.generate(() -> value(random)).limit(random.nextInt(3)).toList();
        return random.nextBoolean() ? Cut.before(values) : Cut.after(values);
    }

    private static IndexValue value(Random random) {
        return IndexValue.of(Kind.NUMBER, random.nextInt(12) == 0 ? null : Integer.toString(random.nextInt(9)))
                .orElseThrow();
    }

    /** The order is that of PostgreSQL with the collation "C". */
    @ParameterizedTest
    @CsvSource({
        "TEXT, a, b",
        "TEXT, B, a",
        "TEXT, a, aa",
        "TEXT, '', a",
        "TEXT, \uFF5E, \uD83D\uDE00",
        "NUMBER, 9, 10",
        "NUMBER, -1, 0.5",
        "NUMBER, 1e2, 101",
        "FLAG, false, true",
        "MOMENT, 2026-11-21T10:00:00+02:00, 2026-11-21T09:00:00.5+00:00",
        "MOMENT, 2026-11-21T10:00:00.5+00:00, 2026-11-21T10:00:00.55+00:00"
    })
    void valuesAreOrderedAsTheDatabaseOrdersThem(Kind kind, String lesser, String greater) {
        IndexValue low = IndexValue.of(kind, lesser).orElseThrow();
        IndexValue high = IndexValue.of(kind, greater).orElseThrow();
        assertThat(low).isLessThan(high);
        assertThat(high).isGreaterThan(low).isLessThan(IndexValue.of(kind, null).orElseThrow());
    }

    @Test
    void aValueWithoutAPlaceInTheOrderTouchesEveryRange() {
        ReadSetIndex<String> index = new ReadSetIndex<>();
        index.put("low", Set.of(range("app.t", "1", "3")));
        index.put("high", Set.of(range("app.t", "7", "9")));
        assertThat(index.invalidated(List.of(change("2")))).containsExactly("low");
        assertThat(index.invalidated(List.of(change("5")))).isEmpty();
        assertThat(index.invalidated(List.of(change("NaN")))).containsExactlyInAnyOrder("low", "high");
        index.remove("low");
        index.remove("high");
        assertThat(index.size()).isZero();
    }

    private static Dependency range(String table, String low, String high) {
        return new Dependency.Range(
                table,
                List.of(new Dependency.Range.Column("n", Kind.NUMBER)),
                Cut.before(
                        new ArrayList<>(List.of(IndexValue.of(Kind.NUMBER, low).orElseThrow()))),
                Cut.after(List.of(IndexValue.of(Kind.NUMBER, high).orElseThrow())));
    }

    private static Change change(String number) {
        JsonNode value = JsonNodeFactory.instance.stringNode(number);
        return new Change(1, 1, Instant.EPOCH, "app.t", Change.Op.INSERT, Map.of(), Map.of("n", value));
    }
}
