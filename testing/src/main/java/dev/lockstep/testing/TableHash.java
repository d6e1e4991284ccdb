package dev.lockstep.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * What the rows of some tables add up to: two looks are equal exactly when every row was, whatever their order on disk.
 * Compare the whole record, so that a difference names its table.
 *
 * @param tables the SHA-256 of each table, by its name with the schema
 */
public record TableHash(Map<String, String> tables) {
    private static final String NAMES = """
            SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
            WHERE schemaname IN ('workos', 'app')
               OR (schemaname, tablename) IN (('lockstep', 'inbox'), ('lockstep', 'stored_session'))
            """;

    public TableHash {
        tables = Map.copyOf(tables);
    }

    /**
     * Looks at everything that matters to people: the mirror, the application's tables, the inbox and the sessions that
     * are kept here. All of it at one moment.
     *
     * @throws SQLException when the database does not answer
     */
    public static TableHash of(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Map<String, String> hashes = new TreeMap<>();
            try (Statement statement = connection.createStatement()) {
                for (String table : texts(statement, NAMES)) {
                    hashes.put(table, texts(statement, hashOf(table)).getFirst());
                }
            }
            connection.rollback();
            return new TableHash(hashes);
        }
    }

    /** Returns the tables that differ, in their order. */
    public List<String> differingFrom(TableHash other) {
        var all = new TreeMap<>(tables);
        other.tables.forEach(all::putIfAbsent);
        return all.keySet().stream()
                .filter(table -> !String.valueOf(tables.get(table)).equals(other.tables.get(table)))
                .toList();
    }

    private static String hashOf(String quotedTable) {
        return """
                SELECT encode(sha256(convert_to(
                    coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"), ''), 'UTF8')), 'hex') FROM %s t
                """.formatted(quotedTable);
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
