package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.store.feed.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the stretches of one table that a change touches: a hash look-up by the columns that have one value, then a search
 * in the order of the others. Not thread-safe.
 */
final class StretchReaders<K> {
    /** By the columns with one value, then by the values. */
    private final Map<List<Stretch.Column>, Map<List<Value>, Orders<K>>> groups = new HashMap<>();

    boolean isEmpty() {
        return groups.isEmpty();
    }

    void add(Stretch stretch, K answer) {
        groups.computeIfAbsent(columns(stretch), c -> new HashMap<>())
                .computeIfAbsent(values(stretch), v -> new Orders<>())
                .add(stretch, answer);
    }

    void remove(Stretch stretch, K answer) {
        groups.computeIfPresent(columns(stretch), (columns, byValues) -> {
            byValues.computeIfPresent(values(stretch), (values, orders) -> orders.remove(stretch, answer));
            return byValues.isEmpty() ? null : byValues;
        });
    }

    void collect(Change change, Set<K> stale) {
        groups.forEach((columns, byValues) -> {
            Optional<List<Value>> before = values(columns, change.oldKey());
            Optional<List<Value>> after = values(columns, change.newKey());
            if (change.op() == Change.Op.TRUNCATE) {
                byValues.values().forEach(orders -> orders.collectAll(stale));
            } else if (isUnknown(change.oldKey(), before) || isUnknown(change.newKey(), after)) {
                byValues.values().forEach(orders -> orders.collect(change, stale));
            } else {
                before.map(byValues::get).ifPresent(orders -> orders.collect(change, stale));
                after.filter(values -> !before.equals(after))
                        .map(byValues::get)
                        .ifPresent(orders -> orders.collect(change, stale));
            }
        });
    }

    private static boolean isUnknown(Map<String, JsonNode> key, Optional<List<Value>> values) {
        return !key.isEmpty() && values.isEmpty();
    }

    /** The stretches with the same values, by what they are ordered by. */
    private static final class Orders<K> {
        private final Map<List<Stretch.Column>, RangeTree<K>> trees = new HashMap<>();

        void add(Stretch stretch, K answer) {
            trees.computeIfAbsent(stretch.order(), o -> new RangeTree<>())
                    .add(Cut.low(stretch.lower()), Cut.high(stretch.upper()), answer);
        }

        /** Returns null when nothing is left. */
        @Nullable
        Orders<K> remove(Stretch stretch, K answer) {
            trees.computeIfPresent(stretch.order(), (order, tree) -> {
                tree.remove(Cut.low(stretch.lower()), Cut.high(stretch.upper()), answer);
                return tree.isEmpty() ? null : tree;
            });
            return trees.isEmpty() ? null : this;
        }

        void collectAll(Set<K> stale) {
            trees.values().forEach(tree -> tree.collectAll(stale));
        }

        void collect(Change change, Set<K> stale) {
            trees.forEach((order, tree) -> {
                collect(tree, order, change.oldKey(), stale);
                collect(tree, order, change.newKey(), stale);
            });
        }

        /** A row without one of the columns, or with no value there, may be anywhere. */
        private static <K> void collect(
                RangeTree<K> tree, List<Stretch.Column> order, Map<String, JsonNode> row, Set<K> stale) {
            if (row.isEmpty()) {
                return;
            }
            List<Value> key = new ArrayList<>(order.size());
            for (Stretch.Column column : order) {
                Optional<Value> value = Stretch.value(column.type(), row.get(column.name()));
                if (value.isEmpty()) {
                    tree.collectAll(stale);
                    return;
                }
                key.add(value.get());
            }
            tree.collect(key, stale);
        }
    }

    private static Optional<List<Value>> values(List<Stretch.Column> columns, Map<String, JsonNode> key) {
        List<Value> values = new ArrayList<>(columns.size());
        for (Stretch.Column column : columns) {
            Optional<Value> value = Stretch.value(column.type(), key.get(column.name()));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return Optional.of(values);
    }

    private static List<Stretch.Column> columns(Stretch stretch) {
        return stretch.equal().stream()
                .map(each -> new Stretch.Column(each.column(), each.value().type()))
                .toList();
    }

    private static List<Value> values(Stretch stretch) {
        return stretch.equal().stream().map(Stretch.Equal::value).toList();
    }
}
