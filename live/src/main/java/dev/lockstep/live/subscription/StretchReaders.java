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
 * Finds the stretches of one table that a change touches: a hash look-up by the columns that have one value, then a look at
 * each stretch that has these values. Not thread-safe.
 */
final class StretchReaders<K> {
    /** By the columns with one value, then by the values. */
    private final Map<List<Stretch.Column>, Map<List<Value>, Map<Stretch, Set<K>>>> groups = new HashMap<>();

    boolean isEmpty() {
        return groups.isEmpty();
    }

    void add(Stretch stretch, K answer) {
        groups.computeIfAbsent(columns(stretch), c -> new HashMap<>())
                .computeIfAbsent(values(stretch), v -> new HashMap<>())
                .computeIfAbsent(stretch, s -> new HashSet<>())
                .add(answer);
    }

    void remove(Stretch stretch, K answer) {
        groups.computeIfPresent(columns(stretch), (columns, byValues) -> {
            byValues.computeIfPresent(values(stretch), (values, stretches) -> {
                stretches.computeIfPresent(
                        stretch, (s, answers) -> answers.remove(answer) && answers.isEmpty() ? null : answers);
                return stretches.isEmpty() ? null : stretches;
            });
            return byValues.isEmpty() ? null : byValues;
        });
    }

    void collect(Change change, Set<K> stale) {
        groups.forEach((columns, byValues) -> {
            Optional<List<Value>> before = values(columns, change.oldKey());
            Optional<List<Value>> after = values(columns, change.newKey());
            if (isUnknown(change.oldKey(), before)
                    || isUnknown(change.newKey(), after)
                    || change.op() == Change.Op.TRUNCATE) {
                byValues.values().forEach(stretches -> collect(stretches, change, stale));
            } else {
                before.map(byValues::get).ifPresent(stretches -> collect(stretches, change, stale));
                after.filter(values -> !before.equals(after))
                        .map(byValues::get)
                        .ifPresent(stretches -> collect(stretches, change, stale));
            }
        });
    }

    private static boolean isUnknown(Map<String, JsonNode> key, Optional<List<Value>> values) {
        return !key.isEmpty() && values.isEmpty();
    }

    private static <K> void collect(Map<Stretch, Set<K>> stretches, Change change, Set<K> stale) {
        stretches.forEach((stretch, answers) -> {
            if (stretch.touches(change)) {
                stale.addAll(answers);
            }
        });
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
