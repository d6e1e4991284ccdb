package dev.lockstep.live.function;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A table as it is read.
 *
 * @param columns which ones; empty for all
 * @param indexes the declared ones; any other name is a column
 * @param organization the column that says whose a row is, if the table has it
 * @param read makes of a row what the function wants
 */
record Source<T>(
        String table,
        List<String> columns,
        Map<String, List<String>> indexes,
        String organization,
        Function<Row, T> read) {

    static Source<Row> untyped(String table) {
        return new Source<>(table, List.of(), Map.of(), WatchedTables.ORGANIZATION, row -> row);
    }

    List<String> index(String name) {
        return indexes.getOrDefault(name, List.of(name));
    }
}
