package dev.lockstep.live.subscription;

import dev.lockstep.store.feed.Change;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds the answers that a change makes stale: a hash lookup per key column of the change, old and new. Not thread-safe.
 *
 * @param <K> names an answer
 */
public final class ReadSetIndex<K> {
    private final Map<String, TableReaders<K>> tables = new HashMap<>();
    private final Map<K, Set<Dependency>> readSets = new HashMap<>();

    /** Remembers what an answer was read from, in place of what it was read from before. */
    public void put(K answer, Set<Dependency> readSet) {
        remove(answer);
        readSets.put(answer, Set.copyOf(readSet));
        readSet.forEach(dependency -> tables.computeIfAbsent(dependency.table(), t -> new TableReaders<>())
                .add(dependency, answer));
    }

    /** Forgets an answer. */
    public void remove(K answer) {
        Set<Dependency> readSet = readSets.remove(answer);
        if (readSet == null) {
            return;
        }
        for (Dependency dependency : readSet) {
            TableReaders<K> readers = tables.get(dependency.table());
            if (readers != null && readers.remove(dependency, answer)) {
                tables.remove(dependency.table());
            }
        }
    }

    /** How many answers are remembered. */
    public int size() {
        return readSets.size();
    }

    /** The answers that these changes make stale. They stay remembered. */
    public Set<K> invalidated(Collection<Change> changes) {
        Set<K> stale = new LinkedHashSet<>();
        for (Change change : changes) {
            TableReaders<K> readers = tables.get(change.table());
            if (readers != null) {
                readers.collect(change, stale);
            }
        }
        return stale;
    }

    private static final class TableReaders<K> {
        private final Set<K> wholeTable = new HashSet<>();
        private final Map<String, Map<String, Set<K>>> points = new HashMap<>();
        private final StretchReaders<K> stretches = new StretchReaders<>();

        void add(Dependency dependency, K answer) {
            switch (dependency) {
                case Dependency.WholeTable any -> wholeTable.add(answer);
                case Dependency.Point point ->
                    points.computeIfAbsent(point.column(), c -> new HashMap<>())
                            .computeIfAbsent(point.value(), v -> new HashSet<>())
                            .add(answer);
                case Stretch stretch -> stretches.add(stretch, answer);
            }
        }

        /** Returns whether nothing is left. */
        boolean remove(Dependency dependency, K answer) {
            switch (dependency) {
                case Dependency.WholeTable any -> wholeTable.remove(answer);
                case Dependency.Point point -> removePoint(point, answer);
                case Stretch stretch -> stretches.remove(stretch, answer);
            }
            return wholeTable.isEmpty() && points.isEmpty() && stretches.isEmpty();
        }

        private void removePoint(Dependency.Point point, K answer) {
            Map<String, Set<K>> values = points.getOrDefault(point.column(), new HashMap<>());
            Set<K> answers = values.getOrDefault(point.value(), new HashSet<>());
            answers.remove(answer);
            if (answers.isEmpty()) {
                values.remove(point.value());
            }
            if (values.isEmpty()) {
                points.remove(point.column());
            }
        }

        void collect(Change change, Set<K> stale) {
            stale.addAll(wholeTable);
            stretches.collect(change, stale);
            boolean everyRow = switch (change.op()) {
                case TRUNCATE -> true;
                case INSERT, UPDATE, DELETE -> false;
            };
            points.forEach((column, values) -> {
                if (everyRow || !carries(change, column)) {
                    values.values().forEach(stale::addAll);
                } else {
                    collect(values, change.oldKey().get(column), stale);
                    collect(values, change.newKey().get(column), stale);
                }
            });
        }

        /** A change that does not carry the column says nothing about it, so every point on it must be read again. */
        private static boolean carries(Change change, String column) {
            return change.oldKey().containsKey(column) || change.newKey().containsKey(column);
        }

        private static <K> void collect(
                Map<String, Set<K>> values, @org.jspecify.annotations.Nullable JsonNode key, Set<K> stale) {
            if (key != null && !key.isNull()) {
                stale.addAll(values.getOrDefault(key.asString(), Set.of()));
            }
        }
    }
}
