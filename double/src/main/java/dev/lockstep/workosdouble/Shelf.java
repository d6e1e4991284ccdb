package dev.lockstep.workosdouble;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of one kind in id order, which is the order of creation, with indexes that never need a scan. */
final class Shelf<I, R> {
    private final Function<R, I> idOf;
    private final Comparator<I> order;
    private final NavigableMap<I, R> rows;

    Shelf(Function<R, I> idOf, Function<I, String> textOf) {
        this.idOf = idOf;
        this.order = Comparator.comparing(textOf);
        this.rows = new TreeMap<>(order);
    }

    /** The row that stood there before, or null. */
    @Nullable
    R put(R row) {
        return rows.put(idOf.apply(row), row);
    }

    @Nullable
    R remove(I id) {
        return rows.remove(id);
    }

    @Nullable
    R find(I id) {
        return rows.get(id);
    }

    void clear() {
        rows.clear();
    }

    NavigableSet<I> ids() {
        return rows.navigableKeySet();
    }

    NavigableMap<I, R> byId() {
        return rows;
    }

    Collection<R> all() {
        return rows.values();
    }

    <K> Index<K, I> indexed() {
        return new Index<>(order);
    }

    /** The ids that share one key, in id order. */
    static final class Index<K, I> {
        private final Comparator<I> order;
        private final Map<K, NavigableSet<I>> byKey = new HashMap<>();

        private Index(Comparator<I> order) {
            this.order = order;
        }

        void add(K key, I id) {
            byKey.computeIfAbsent(key, ignored -> new TreeSet<>(order)).add(id);
        }

        void drop(K key, I id) {
            byKey.computeIfPresent(key, (ignored, ids) -> {
                ids.remove(id);
                return ids.isEmpty() ? null : ids;
            });
        }

        void clear() {
            byKey.clear();
        }

        NavigableSet<I> of(K key) {
            NavigableSet<I> ids = byKey.get(key);
            return ids == null ? new TreeSet<>(order) : ids;
        }
    }
}
