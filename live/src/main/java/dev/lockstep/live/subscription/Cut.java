package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import java.util.List;

/**
 * A place between keys of an index: just before, or just after, all keys that begin with these values. Two of them bound a
 * range. Immutable.
 *
 * @param values the first columns of a key; none for an end of the index
 * @param after whether it lies after those keys
 */
record Cut(List<Value> values, boolean after) implements Comparable<Cut> {
    /** Before every key. */
    static final Cut START = new Cut(List.of(), false);
    /** After every key. */
    static final Cut END = new Cut(List.of(), true);

    public Cut {
        values = List.copyOf(values);
    }

    /** Just before the keys that begin so. */
    static Cut before(List<Value> values) {
        return new Cut(values, false);
    }

    /** Just after the keys that begin so. */
    static Cut after(List<Value> values) {
        return new Cut(values, true);
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
