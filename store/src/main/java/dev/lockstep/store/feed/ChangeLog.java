package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and prunes {@code lockstep.change}. What is new between two snapshots is decided by visibility alone: neither
 * the order of ids nor that of transaction ids is the order of commits.
 */
final class ChangeLog {
    // Both bounds are implied by the visibility, and without both a plan made for any snapshots walks the whole log.
    private static final String BETWEEN = """
            FROM lockstep.change
            WHERE xid >= pg_snapshot_xmin(:before::pg_snapshot) AND xid < pg_snapshot_xmax(:now::pg_snapshot)
              AND NOT pg_visible_in_snapshot(xid, :before::pg_snapshot)
              AND pg_visible_in_snapshot(xid, :now::pg_snapshot)
            """;
    private static final String OF_TABLES = "AND table_name = ANY (:tables::text[])\n";
    static final String READ = "SELECT id, xid::text, at, table_name, op, old_key::text, new_key::text\n" + BETWEEN
            + "ORDER BY id LIMIT :most";
    static final String READ_TRANSACTIONS = "SELECT id, xid::text, at, table_name, op, old_key::text, new_key::text\n"
            + BETWEEN + "AND xid = ANY (:xids::xid8[]) ORDER BY id";
    static final String TRANSACTIONS =
            "SELECT xid::text, count(*) AS changes\n" + BETWEEN + "GROUP BY xid ORDER BY max(id)";
    // Looks at the oldest rows only: ids are given when rows are written, so behind a row that is too young, or not yet
    // passed, there is hardly one to delete, and the whole log would be walked to find that out.
    // A row whose transaction is still ahead of the server comes from another life of the database (a restored dump).
    static final String PRUNE = """
            DELETE FROM lockstep.change WHERE id IN (
              SELECT c.id FROM (SELECT id, xid, at FROM lockstep.change ORDER BY id LIMIT :most) c
              WHERE c.at < clock_timestamp() - make_interval(secs => :age)
                AND (c.xid >= pg_snapshot_xmax(pg_current_snapshot()) OR NOT EXISTS (
                  SELECT FROM (SELECT position FROM lockstep.feed_reader UNION ALL SELECT position FROM lockstep.node) p
                  WHERE NOT pg_visible_in_snapshot(c.xid, p.position))))
            """;

    /** A transaction and how many changes it has in the log. */
    record Transaction(long xid, long changes) {}

    private final JsonMapper json = JsonMapper.builder().build();
    private final Set<String> tables;

    /** Reads the changes of all tables. */
    ChangeLog() {
        this(Set.of());
    }

    /** @param tables those whose changes are read, qualified; none means all */
    ChangeLog(Set<String> tables) {
        this.tables = Set.copyOf(tables);
    }

    /** What {@code now} sees and {@code before} does not, in the order of ids, at most this many. */
    List<Change> between(Tx tx, Snapshot before, Snapshot now, long most) {
        return ofTables(tx, READ)
                .param("before", before.text())
                .param("now", now.text())
                .param("most", most)
                .query((rs, row) -> change(rs))
                .list();
    }

    /** The same, of some transactions only, each of them whole. */
    List<Change> betweenOf(Tx tx, Snapshot before, Snapshot now, Collection<Long> xids) {
        return ofTables(tx, READ_TRANSACTIONS)
                .param("before", before.text())
                .param("now", now.text())
                .param("xids", texts(xids))
                .query((rs, row) -> change(rs))
                .list();
    }

    /**
     * The transactions that have something between the two snapshots, by their last change. Who changes a row that
     * another has changed waits for the other's end, so this order agrees with the order of changes of every row.
     */
    List<Transaction> transactions(Tx tx, Snapshot before, Snapshot now) {
        return ofTables(tx, TRANSACTIONS)
                .param("before", before.text())
                .param("now", now.text())
                .query((rs, row) -> new Transaction(Long.parseLong(rs.getString("xid")), rs.getLong("changes")))
                .list();
    }

    /** Deletes, of so many oldest rows, those older than the age that every reader has passed; returns how many. */
    int prune(Tx tx, Duration age, int most) {
        return tx.sql(PRUNE)
                .param("age", age.toMillis() / 1000.0)
                .param("most", most)
                .update();
    }

    private JdbcClient.StatementSpec ofTables(Tx tx, String statement) {
        return tables.isEmpty()
                ? tx.sql(statement)
                : tx.sql(statement.replace(BETWEEN, BETWEEN + OF_TABLES))
                        .param("tables", tables.toArray(String[]::new));
    }

    private static String[] texts(Collection<Long> xids) {
        return xids.stream().map(String::valueOf).toArray(String[]::new);
    }

    private Change change(ResultSet rs) throws SQLException {
        String before = rs.getString("old_key");
        String after = rs.getString("new_key");
        Map<String, JsonNode> oldKey = key(before);
        return new Change(
                rs.getLong("id"),
                Long.parseLong(rs.getString("xid")),
                rs.getTimestamp("at").toInstant(),
                rs.getString("table_name"),
                Change.Op.of(rs.getString("op")),
                oldKey,
                before != null && before.equals(after) ? oldKey : key(after));
    }

    private Map<String, JsonNode> key(@Nullable String text) {
        if (text == null) {
            return Map.of();
        }
        return json.readTree(text).properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
