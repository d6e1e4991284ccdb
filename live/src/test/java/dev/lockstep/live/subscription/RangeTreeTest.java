package dev.lockstep.live.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.store.feed.Change;
import java.time.Instant;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class RangeTreeTest {
    private record Reader(Cut low, Cut high) {
        boolean holds(List<Value> key) {
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
            List<Value> key = List.of(value(random), value(random));
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
        List<Value> values =
                Stream.generate(() -> value(random)).limit(random.nextInt(3)).toList();
        return new Cut(values, random.nextBoolean());
    }

    private static Value value(Random random) {
        return number(random.nextInt(9));
    }

    private static Value number(int n) {
        return ColumnType.INTEGER.of(n).orElseThrow();
    }

    @Test
    void aRowWithoutAPlaceInTheOrderTouchesEveryStretch() {
        ReadSetIndex<String> index = new ReadSetIndex<>();
        index.put("low", Set.of(stretch(1, 3)));
        index.put("high", Set.of(stretch(7, 9)));
        assertThat(index.invalidated(List.of(change("2")))).containsExactly("low");
        assertThat(index.invalidated(List.of(change("9")))).containsExactly("high");
        assertThat(index.invalidated(List.of(change("5")))).isEmpty();
        assertThat(index.invalidated(List.of(change("nonsense")))).containsExactlyInAnyOrder("low", "high");
        index.remove("low");
        index.remove("high");
        assertThat(index.size()).isZero();
    }

    private static Dependency stretch(int low, int high) {
        return new Stretch(
                "app.t",
                List.of(),
                List.of(new Stretch.Column("n", ColumnType.INTEGER)),
                new Stretch.Bound(List.of(number(low)), true),
                new Stretch.Bound(List.of(number(high)), true));
    }

    private static Change change(String number) {
        JsonNode value = JsonNodeFactory.instance.stringNode(number);
        return new Change(1, 1, Instant.EPOCH, "app.t", Change.Op.INSERT, Map.of(), Map.of("n", value));
    }
}
