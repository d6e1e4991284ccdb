package dev.lockstep.live.function;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row as plain values that may be sent as they are: text and uuid as String, timestamps as ISO text in UTC,
 * smallint, integer and float as Double, bigint as Long (a bigint in the browser; cast to integer for a number), numeric
 * as its text, boolean, bytea, json as Map, List and so on, arrays as List.
 */
public final class Row {
    private final Map<String, @Nullable Object> columns;

    Row(Map<String, @Nullable Object> columns) {
        this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    Row withoutPrefix(String prefix) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>(columns);
        kept.keySet().removeIf(name -> name.startsWith(prefix));
        return new Row(kept);
    }

    /** The row as a record: a component {@code createdAt} is the column {@code created_at} or {@code createdAt}. */
    public <R extends Record> R as(Class<R> type) {
        return RecordRows.read(this, type);
    }

    /** Whether there is such a column. */
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    /** All columns in the order of the statement. */
    public Map<String, @Nullable Object> toMap() {
        return columns;
    }

    /** The columns with these names, in this order. */
    public Map<String, @Nullable Object> only(String... names) {
        Map<String, @Nullable Object> chosen = new LinkedHashMap<>();
        for (String name : names) {
            chosen.put(name, value(name));
        }
        return chosen;
    }

    /** A column as it is. */
    public @Nullable Object value(String column) {
        if (!columns.containsKey(column)) {
            throw new LiveProblem(LiveProblem.Code.LIVE_ROW_MISREAD, "The row has no column '" + column + "'");
        }
        return columns.get(column);
    }

    /** A text column, or null. */
    public @Nullable String text(String column) {
        return as(column, String.class);
    }

    /** A boolean column; null counts as false. */
    public boolean flag(String column) {
        return Boolean.TRUE.equals(as(column, Boolean.class));
    }

    /** A list column; null counts as empty. */
    public List<?> list(String column) {
        List<?> list = as(column, List.class);
        return list == null ? List.of() : list;
    }

    private <T> @Nullable T as(String column, Class<T> type) {
        Object value = value(column);
        if (value != null && !type.isInstance(value)) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_ROW_MISREAD,
                    "Column '" + column + "' is a " + value.getClass().getSimpleName() + ", not a "
                            + type.getSimpleName());
        }
        return type.cast(value);
    }
}
