package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.store.feed.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The rows of a table that have certain values in some columns and lie between two bounds in the order of others, existing
 * or not.
 *
 * @param equal the columns with one value
 * @param order the columns that the bounds are about, in their order
 * @param lower where it begins
 * @param upper where it ends
 */
public record Stretch(String table, List<Equal> equal, List<Column> order, Bound lower, Bound upper)
        implements Dependency {
    public Stretch {
        equal = List.copyOf(equal);
        order = List.copyOf(order);
    }

    /** A column of the order. */
    public record Column(String name, ColumnType type) {}

    /** A column with one value. */
    public record Equal(String column, Value value) {}

    /**
     * One end.
     *
     * @param values of the first columns of the order; none means no end
     * @param inclusive whether rows with just these values belong
     */
    public record Bound(List<Value> values, boolean inclusive) {
        /** No end. */
        public static final Bound NONE = new Bound(List.of(), true);

        public Bound {
            values = List.copyOf(values);
        }
    }

    /** Whether a change may have put a row in here, taken one out, or changed one. */
    boolean touches(Change change) {
        return switch (change.op()) {
            case TRUNCATE -> true;
            case INSERT, UPDATE, DELETE -> mayHold(change.oldKey()) || mayHold(change.newKey());
        };
    }

    /** A key without one of the columns says nothing about it, so the row may be here. */
    private boolean mayHold(Map<String, JsonNode> key) {
        if (key.isEmpty()) {
            return false;
        }
        for (Equal each : equal) {
            JsonNode value = key.get(each.column);
            if (value != null && (value.isNull() || differs(each.value, value))) {
                return false;
            }
        }
        List<@Nullable Value> row = new ArrayList<>(order.size());
        for (Column column : order) {
            row.add(value(column.type, key.get(column.name)).orElse(null));
        }
        return within(row, lower, 1) && within(row, upper, -1);
    }

    private static boolean differs(Value wanted, JsonNode found) {
        return value(wanted.type(), found)
                .map(value -> value.compareTo(wanted) != 0)
                .orElse(false);
    }

    static Optional<Value> value(ColumnType type, @Nullable JsonNode found) {
        return found == null || found.isNull() ? Optional.empty() : type.parse(found.asString());
    }

    private static boolean within(List<@Nullable Value> row, Bound bound, int inward) {
        for (int i = 0; i < bound.values.size(); i++) {
            Value value = row.get(i);
            if (value == null) {
                return true;
            }
            int comparison = Integer.signum(value.compareTo(bound.values.get(i)));
            if (comparison != 0) {
                return comparison == inward;
            }
        }
        return bound.inclusive;
    }

    @Override
    public String toString() {
        return "Stretch[" + table + "]";
    }
}
