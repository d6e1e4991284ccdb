package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.store.feed.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds the stretches of one table that a change touches: a hash look-up by the columns that have one value, then a search
 * in a tree of those that share an order. A change that leaves one of these columns out is held against every stretch. Not
 * thread-safe.
 */
final class StretchReaders<K> {
    /** By the columns with one value, then by the values. */
    private final Map<List<Stretch.Column>, Map<List<Value>, Group<K>>> groups = new HashMap<>();

    /** The stretches that have the same values in the same columns. */
    private static final class Group<K> {
        private final Map<Stretch, Set<K>> answers = new HashMap<>();
        private final Map<List<Stretch.Column>, RangeTree<Stretch>> trees = new HashMap<>();

        void add(Stretch stretch, K answer) {
            answers.computeIfAbsent(stretch, s -> {
                        trees.computeIfAbsent(s.order(), o -> new RangeTree<>()).add(low(s), high(s), s);
                        return new HashSet<>();
                    })
                    .add(answer);
        }

        /** Returns whether nothing is left. */
        boolean remove(Stretch stretch, K answer) {
            answers.computeIfPresent(stretch, (s, readers) -> {
                readers.remove(answer);
                if (!readers.isEmpty()) {
                    return readers;
                }
                trees.computeIfPresent(s.order(), (order, tree) -> {
                    tree.remove(low(s), high(s), s);
                    return tree.isEmpty() ? null : tree;
                });
                return null;
            });
            return answers.isEmpty();
        }

        void collect(Map<String, JsonNode> row, Change change, Set<K> stale) {
            trees.forEach((order, tree) -> {
                Set<Stretch> found = new HashSet<>();
                values(order, row).ifPresentOrElse(key -> tree.collect(key, found), () -> tree.collectAll(found));
                found.forEach(stretch -> collect(stretch, answers.getOrDefault(stretch, Set.of()), change, stale));
            });
        }

        void collectAll(Change change, Set<K> stale) {
            answers.forEach((stretch, readers) -> collect(stretch, readers, change, stale));
        }

        private void collect(Stretch stretch, Set<K> readers, Change change, Set<K> stale) {
            if (stretch.touches(change)) {
                stale.addAll(readers);
            }
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    void add(Stretch stretch, K answer) {
        groups.computeIfAbsent(columns(stretch), c -> new HashMap<>())
                .computeIfAbsent(values(stretch), v -> new Group<>())
                .add(stretch, answer);
    }

    void remove(Stretch stretch, K answer) {
        groups.computeIfPresent(columns(stretch), (columns, byValues) -> {
            byValues.computeIfPresent(values(stretch), (values, group) -> group.remove(stretch, answer) ? null : group);
            return byValues.isEmpty() ? null : byValues;
        });
    }

    void collect(Change change, Set<K> stale) {
        groups.forEach((columns, byValues) -> {
            if (change.op() == Change.Op.TRUNCATE
                    || !collect(columns, byValues, change.oldKey(), change, stale)
                    || !collect(columns, byValues, change.newKey(), change, stale)) {
                byValues.values().forEach(group -> group.collectAll(change, stale));
            }
        });
    }

    /** Returns false when the row does not say all values, so that it may belong to any group. */
    private boolean collect(
            List<Stretch.Column> columns,
            Map<List<Value>, Group<K>> byValues,
            Map<String, JsonNode> row,
            Change change,
            Set<K> stale) {
        if (row.isEmpty()) {
            return true;
        }
        Optional<List<Value>> values = values(columns, row);
        values.map(byValues::get).ifPresent(group -> group.collect(row, change, stale));
        return values.isPresent();
    }

    private static Optional<List<Value>> values(List<Stretch.Column> columns, Map<String, JsonNode> row) {
        List<Value> values = new ArrayList<>(columns.size());
        for (Stretch.Column column : columns) {
            Optional<Value> value = Stretch.value(column.type(), row.get(column.name()));
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

    private static Cut low(Stretch stretch) {
        Stretch.Bound bound = stretch.lower();
        return bound.values().isEmpty() ? Cut.START : new Cut(bound.values(), !bound.inclusive());
    }

    private static Cut high(Stretch stretch) {
        Stretch.Bound bound = stretch.upper();
        return bound.values().isEmpty() ? Cut.END : new Cut(bound.values(), bound.inclusive());
    }
}
