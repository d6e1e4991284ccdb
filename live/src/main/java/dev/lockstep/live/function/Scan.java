package dev.lockstep.live.function;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.subscription.Stretch;
import dev.lockstep.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One SELECT over a stretch of an index, and the dependency that says the same. All names come from the catalog and all
 * values are bound.
 *
 * @param wanted the columns to read; empty for all
 * @param equal columns with one value
 * @param order the columns that rows are ordered by: the rest of the index, then the primary key
 */
record Scan(
        WatchedTables.Table table,
        List<String> wanted,
        List<Equal> equal,
        List<WatchedTables.Column> order,
        Stretch.Bound lower,
        Stretch.Bound upper,
        boolean descending) {
    private static final RowReader ROWS = new RowReader();
    private static final String POSITION = "lockstep at ";

    record Equal(WatchedTables.Column column, Value value) {}

    Scan from(Stretch.Bound bound) {
        return descending
                ? new Scan(table, wanted, equal, order, lower, bound, true)
                : new Scan(table, wanted, equal, order, bound, upper, false);
    }

    Scan to(Stretch.Bound bound) {
        return descending
                ? new Scan(table, wanted, equal, order, bound, upper, true)
                : new Scan(table, wanted, equal, order, lower, bound, false);
    }

    /** What this reads. */
    Dependency dependency() {
        boolean wholePrefix = lower.values().isEmpty() && upper.values().isEmpty();
        if (wholePrefix && equal.isEmpty()) {
            return Dependency.table(table.name());
        }
        if (wholePrefix && equal.size() == 1 && equal.getFirst().value().type().hasOneText()) {
            Equal only = equal.getFirst();
            return Dependency.key(
                    table.name(), only.column().name(), only.value().text());
        }
        return new Stretch(
                table.name(),
                equal.stream()
                        .map(each -> new Stretch.Equal(each.column().name(), each.value()))
                        .toList(),
                order.stream()
                        .map(column ->
                                new Stretch.Column(column.name(), column.kind().orElseThrow()))
                        .toList(),
                lower,
                upper);
    }

    /** A row, and where it stands in the order. */
    record Found(Row row, List<Value> position) {}

    private Found found(Row row) {
        List<Value> position = order.stream()
                .map(column -> column.value(Objects.requireNonNull(row.text(POSITION + column.name()))))
                .toList();
        return new Found(row.withoutPrefix(POSITION), position);
    }

    List<Found> rows(Tx tx, int most) {
        JdbcClient.StatementSpec statement = tx.sql(text());
        for (int i = 0; i < equal.size(); i++) {
            statement = statement.param("e" + i, equal.get(i).value().text());
        }
        for (int i = 0; i < lower.values().size(); i++) {
            statement = statement.param("l" + i, lower.values().get(i).text());
        }
        for (int i = 0; i < upper.values().size(); i++) {
            statement = statement.param("u" + i, upper.values().get(i).text());
        }
        return statement.param("most", most).query(ROWS).list().stream()
                .map(this::found)
                .toList();
    }

    String text() {
        List<String> where = new ArrayList<>();
        for (int i = 0; i < equal.size(); i++) {
            where.add(equal.get(i).column().quoted() + " = " + cast(equal.get(i).column(), "e" + i));
        }
        bound(where, lower, ">", "l");
        bound(where, upper, "<", "u");
        String columns = wanted.isEmpty()
                ? "*"
                : wanted.stream()
                        .map(name -> table.columns().get(name))
                        .map(WatchedTables.Column::quoted)
                        .collect(Collectors.joining(", "));
        String positions = order.stream()
                .map(column -> ", to_jsonb(" + column.quoted() + ") #>> '{}' AS \"" + POSITION
                        + column.name().replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining());
        String ordered = order.stream()
                .map(column -> column.ordered() + (descending ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        return "SELECT " + columns + positions + " FROM \""
                + table.name().replace("\"", "\"\"").replace(".", "\".\"") + "\""
                + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
                + (ordered.isEmpty() ? "" : " ORDER BY " + ordered) + " LIMIT :most";
    }

    private void bound(List<String> where, Stretch.Bound bound, String beyond, String letter) {
        int size = bound.values().size();
        if (size == 0) {
            return;
        }
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            columns.add(order.get(i).ordered());
            values.add(cast(order.get(i), letter + i));
        }
        where.add("(" + String.join(", ", columns) + ") " + beyond + (bound.inclusive() ? "=" : "") + " ("
                + String.join(", ", values) + ")");
    }

    private static String cast(WatchedTables.Column column, String parameter) {
        return "CAST(:" + parameter + " AS " + column.type() + ")";
    }
}
