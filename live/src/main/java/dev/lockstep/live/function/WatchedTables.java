package dev.lockstep.live.function;

import dev.lockstep.store.Tx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tables stand under the change feed, and the types of their columns: a read of any other table would never become
 * stale. Read from the catalog, and again when an unknown name turns up. Thread-safe.
 */
final class WatchedTables {
    private static final String COLUMNS = """
            SELECT n.nspname || '.' || c.relname AS table_name, a.attname AS column_name,
              format_type(a.atttypid, NULL) AS type
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE t.tgname = 'lockstep_change' AND t.tgenabled = 'A'
            """;

    private volatile Map<String, Map<String, String>> tables = Map.of();

    /** Fails when changes of the table are not recorded. */
    void require(Tx tx, String table) {
        columns(tx, table);
    }

    /** The type of a column that rows may be looked up by. */
    String lookupType(Tx tx, String table, String column) {
        String type = columns(tx, table).get(column);
        return switch (type) {
            case "text", "character varying", "uuid", "smallint", "integer", "bigint", "boolean" -> type;
            case null -> throw unusable(table, column, "does not exist");
            default -> throw unusable(table, column, "has type " + type + ", which has no exact text");
        };
    }

    /** The value the way PostgreSQL writes it in a change row. */
    static String canonical(String type, String value) {
        try {
            return switch (type) {
                case "uuid" -> UUID.fromString(value).toString();
                case "smallint", "integer", "bigint" -> Long.toString(Long.parseLong(value));
                case "boolean" -> Boolean.toString(Boolean.parseBoolean(value));
                default -> value;
            };
        } catch (IllegalArgumentException e) {
            throw new LiveProblem(LiveProblem.Code.LIVE_VALUE_UNUSABLE, "A value to look up is not a valid " + type);
        }
    }

    private Map<String, String> columns(Tx tx, String table) {
        Map<String, String> columns = tables.get(table);
        if (columns == null) {
            tables = read(tx);
            columns = tables.get(table);
        }
        if (columns == null) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_TABLE_NOT_WATCHED,
                    "Changes of '" + table + "' are not recorded; run CALL lockstep.watch('" + table
                            + "', key columns), or name the tables under a view");
        }
        return columns;
    }

    private static Map<String, Map<String, String>> read(Tx tx) {
        Map<String, Map<String, String>> tables = new HashMap<>();
        tx.sql(COLUMNS).query(rs -> {
            tables.computeIfAbsent(rs.getString("table_name"), t -> new HashMap<>())
                    .put(rs.getString("column_name"), rs.getString("type"));
        });
        return Map.copyOf(tables);
    }

    private static LiveProblem unusable(String table, String column, @Nullable String why) {
        return new LiveProblem(
                LiveProblem.Code.LIVE_COLUMN_UNUSABLE, "Column '" + column + "' of '" + table + "' " + why);
    }
}
