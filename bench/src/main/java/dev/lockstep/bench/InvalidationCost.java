package dev.lockstep.bench;

import dev.lockstep.live.subscription.ColumnType;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.subscription.ReadSetIndex;
import dev.lockstep.live.subscription.Stretch;
import dev.lockstep.store.feed.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What one changed row costs while 1,000, 10,000 and 100,000 answers are kept: read by key, or as a range of numbers, each
 * change touching one or a few of them. Knobs: changes, seed.
 */
final class InvalidationCost {
    private static final List<Stretch.Column> BY_NUMBER = List.of(new Stretch.Column("n", ColumnType.INTEGER));
    private static final int WIDTH = 3;

    private InvalidationCost() {}

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        Bench.machine();
        int changes = knobs.get("changes", 200_000);
        for (int kept : new int[] {1_000, 1_000, 10_000, 100_000}) {
            measure(kept, changes, new Random(knobs.get("seed", 7)));
        }
    }

    private static void measure(int kept, int changes, Random random) {
        ReadSetIndex<Integer> keys = new ReadSetIndex<>();
        ReadSetIndex<Integer> ranges = new ReadSetIndex<>();
        for (int i = 0; i < kept; i++) {
            keys.put(i, Set.of(Dependency.key("app.t", "n", Integer.toString(i))));
            ranges.put(i, Set.of(stretch(i)));
        }
        Bench.say(
                "%,7d answers kept: a change costs %.2f µs by key, %.2f µs by range; one answer more or less %.2f µs",
                kept,
                micros(keys, kept, changes, random),
                micros(ranges, kept, changes, random),
                churn(ranges, kept, changes, random));
    }

    private static double micros(ReadSetIndex<Integer> index, int kept, int changes, Random random) {
        long found = 0;
        long began = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            found += index.invalidated(List.of(change(random.nextInt(kept)))).size();
        }
        double micros = (System.nanoTime() - began) / 1e3 / changes;
        if (found < changes) {
            throw new IllegalStateException("a change touched nobody");
        }
        return micros;
    }

    private static double churn(ReadSetIndex<Integer> index, int kept, int changes, Random random) {
        long began = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            int answer = random.nextInt(kept);
            index.put(answer, Set.of(stretch(answer)));
        }
        return (System.nanoTime() - began) / 1e3 / changes;
    }

    private static Change change(int n) {
        return new Change(
                1,
                1,
                Instant.EPOCH,
                "app.t",
                Change.Op.INSERT,
                Map.of(),
                Map.of("n", JsonNodeFactory.instance.numberNode(n)));
    }

    private static Dependency stretch(int from) {
        return new Stretch("app.t", List.of(), BY_NUMBER, bound(from), bound(from + WIDTH - 1));
    }

    private static Stretch.Bound bound(int n) {
        return new Stretch.Bound(List.of(ColumnType.INTEGER.of(n).orElseThrow()), true);
    }
}
