package dev.lockstep.live.function;

import dev.lockstep.live.subscription.ColumnType;
import dev.lockstep.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tables stand under the change feed, and their columns: a read of any other table would never become stale. Read
 * from the catalog, and again when an unknown name turns up. Thread-safe.
 */
final class WatchedTables {
    /** The column that says whose a row is, unless a table declares another. */
    static final String ORGANIZATION = "organization_id";

    private static final String COLUMNS = """
            SELECT n.nspname || '.' || c.relname AS table_name, a.attname AS column_name,
              format_type(a.atttypid, NULL) AS type, a.attnotnull AS not_null,
              coalesce(array_position(i.indkey::int2[], a.attnum), -1) AS key_position
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            WHERE t.tgname = 'lockstep_change' AND t.tgenabled = 'A'
            """;

    private volatile Map<String, Table> tables = Map.of();

    /**
     * A table under the feed.
     *
     * @param key the columns of its primary key, in their order; empty when it has none
     */
    record Table(String name, Map<String, Column> columns, List<Column> key) {

        /** A column that rows may be looked up by. */
        Column lookup(String column) {
            Column found = columns.get(column);
            if (found == null) {
                throw unusable(column, "does not exist");
            }
            if (found.kind().isEmpty()) {
                throw unusable(column, "has type " + found.type + ", which has no exact order here");
            }
            return found;
        }

        private LiveProblem unusable(String column, String why) {
            return new LiveProblem(
                    LiveProblem.Code.LIVE_COLUMN_UNUSABLE, "Column '" + column + "' of '" + name + "' " + why);
        }
    }

    /** A column, with the type as PostgreSQL writes it. */
    record Column(String name, String type, boolean notNull) {
        Optional<ColumnType> kind() {
            return ColumnType.of(type);
        }

        /** The value that a program gave, as one of this column. */
        ColumnType.Value value(Object java) {
            return kind().flatMap(kind -> kind.of(java))
                    .orElseThrow(() -> new LiveProblem(
                            LiveProblem.Code.LIVE_VALUE_UNUSABLE,
                            "A value for column '" + name + "' is not a valid " + type));
        }

        String quoted() {
            return "\"" + name.replace("\"", "\"\"") + "\"";
        }

        /** The column where its order matters. */
        String ordered() {
            return kind().orElseThrow() == ColumnType.TEXT ? quoted() + " COLLATE \"C\"" : quoted();
        }
    }

    /** The table; fails when its changes are not recorded. */
    Table require(Tx tx, String name) {
        Table table = tables.get(name);
        if (table == null) {
            tables = read(tx);
            table = tables.get(name);
        }
        if (table == null) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_TABLE_NOT_WATCHED,
                    "Changes of '" + name + "' are not recorded; run CALL lockstep.watch('" + name
                            + "', key columns), or name the tables under a view");
        }
        return table;
    }

    private static Map<String, Table> read(Tx tx) {
        Map<String, Map<String, Column>> columns = new HashMap<>();
        Map<String, TreeMap<Integer, Column>> keys = new HashMap<>();
        tx.sql(COLUMNS).query(rs -> {
            String table = rs.getString("table_name");
            Column column = new Column(rs.getString("column_name"), rs.getString("type"), rs.getBoolean("not_null"));
            columns.computeIfAbsent(table, t -> new HashMap<>()).put(column.name(), column);
            TreeMap<Integer, Column> key = keys.computeIfAbsent(table, t -> new TreeMap<>());
            if (rs.getInt("key_position") >= 0) {
                key.put(rs.getInt("key_position"), column);
            }
        });
        Map<String, Table> tables = new HashMap<>();
        columns.forEach((name, found) -> tables.put(
                name,
                new Table(
                        name,
                        Map.copyOf(found),
                        List.copyOf(keys.getOrDefault(name, new TreeMap<>()).values()))));
        return Map.copyOf(tables);
    }
}
