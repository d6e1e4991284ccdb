package dev.lockstep.live.subscription;

import dev.lockstep.live.subscription.ColumnType.Value;
import java.util.List;
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

    static Optional<Value> value(ColumnType type, @Nullable JsonNode found) {
        return found == null || found.isNull() ? Optional.empty() : type.parse(found.asString());
    }

    @Override
    public String toString() {
        return "Stretch[" + table + "]";
    }
}
