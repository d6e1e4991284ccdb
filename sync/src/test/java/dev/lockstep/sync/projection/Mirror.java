package dev.lockstep.sync.projection;

import dev.lockstep.store.Database;
import dev.lockstep.workos.object.ObjectKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What tests ask of the mirrored tables. */
public final class Mirror {
    /** Every mirrored table, parents before children. */
    public static final List<String> TABLES =
            MirrorTables.ALL.stream().map(table -> "workos." + table.name()).toList();

    private final Database database;

    public Mirror(Database database) {
        this.database = database;
    }

    /** One row as tests look at it. */
    public record Row(String id, String raw, boolean deleted, String deletedBy, String source) {}

    public Optional<Row> row(String table, String id) {
        return Optional.ofNullable(rows(table).get(id));
    }

    /** All rows of a table by id. */
    public Map<String, Row> rows(String table) {
        return database.read(tx -> tx
                .sql("SELECT " + key(table) + " AS id, raw::text AS raw, deleted_at IS NOT NULL AS deleted, deleted_by,"
                        + " source FROM " + table)
                .query((row, n) -> new Row(
                        row.getString("id"),
                        row.getString("raw"),
                        row.getBoolean("deleted"),
                        row.getString("deleted_by"),
                        row.getString("source")))
                .list()
                .stream()
                .collect(Collectors.toMap(Row::id, row -> row)));
    }

    /** One text over everything the merge decides; equal texts are equal mirrors. */
    public String digest() {
        return TABLES.stream().map(this::digest).collect(Collectors.joining(" "));
    }

    private String digest(String table) {
        return database.read(tx -> tx.sql(
                        "SELECT coalesce(md5(string_agg((to_jsonb(t) - 'applied_at' - 'source' - 'shadow')::text, '|'"
                                + " ORDER BY " + key(table) + ")), 'empty') FROM " + table + " t")
                .query(String.class)
                .single());
    }

    /** The table of a kind. */
    public static String table(ObjectKind kind) {
        return "workos." + MirrorTables.of(kind).name();
    }

    /** The key of a table as one text, its parts joined by a slash. */
    public static String key(String table) {
        return MirrorTables.ALL.stream()
                .filter(one -> table.equals("workos." + one.name()))
                .map(one -> String.join(" || '/' || ", one.key()))
                .findFirst()
                .orElseThrow();
    }

    public void clear() {
        database.write(tx -> tx.sql("TRUNCATE " + String.join(", ", TABLES)
                        + ", workos.authentication_events, workos.event_log, lockstep.refetch, lockstep.inbox,"
                        + " lockstep.cursor, lockstep.lease, lockstep.sync_mark, lockstep.change, lockstep.listener, lockstep.outbox, app.profiles,"
                        + " app.accounts, app.tenants")
                .update());
    }

    public <T> T value(String sql, Class<T> type) {
        return database.read(tx -> tx.sql(sql).query(type).single());
    }

    public List<String> list(String sql) {
        return database.read(tx -> tx.sql(sql).query(String.class).list());
    }

    public void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
