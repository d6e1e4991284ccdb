package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import java.util.List;

/**
 * A place between the keys of an order: just before, or just after, all keys that begin with these values. Two of them
 * bound a stretch. Immutable.
 *
 * @param values of the first columns of the order; none for an end of it
 * @param after whether it lies after those keys
 */
record Cut(List<Value> values, boolean after) implements Comparable<Cut> {
    Cut {
        values = List.copyOf(values);
    }

    static Cut low(Stretch.Bound bound) {
        return new Cut(bound.values(), !bound.inclusive());
    }

    static Cut high(Stretch.Bound bound) {
        return new Cut(bound.values(), bound.inclusive());
    }

    @Override
    public int compareTo(Cut other) {
        int shorter = Math.min(values.size(), other.values.size());
        for (int i = 0; i < shorter; i++) {
            int order = values.get(i).compareTo(other.values.get(i));
            if (order != 0) {
                return order;
            }
        }
        if (values.size() == other.values.size()) {
            return Boolean.compare(after, other.after);
        }
        return values.size() < other.values.size() ? side() : -other.side();
    }

    /** Negative when this lies before that key, positive when it lies after it; never 0. */
    int compareToKey(List<Value> key) {
        for (int i = 0; i < values.size(); i++) {
            int order = values.get(i).compareTo(key.get(i));
            if (order != 0) {
                return order;
            }
        }
        return side();
    }

    private int side() {
        return after ? 1 : -1;
    }
}
