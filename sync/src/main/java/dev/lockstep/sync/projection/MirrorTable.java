package dev.lockstep.sync.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description of a mirrored table, and the statements that follow from it. The texts are assembled from these
 * descriptions alone, never from anything that came from outside.
 *
 * @param name the table in schema {@code workos}
 * @param rule what a tombstone means there
 * @param key its key columns, in order
 * @param columns its typed columns, apart from the key and what all tables have
 * @param parents what its rows cannot outlive
 */
record MirrorTable(String name, Rule rule, List<String> key, List<Column> columns, List<Parent> parents) {
    private static final String REGISTERS =
            "created_at, updated_at, raw, source, deleted_at, deleted_by, event_at, event_id, event_updated_at,"
                    + " snapshot_at, snapshot_updated_at, snapshot_digest, shadow";
    private static final String UPSERT = """
            INSERT INTO workos.{table} AS t
            SELECT * FROM jsonb_populate_recordset(NULL::workos.{table}, CAST(:rows AS jsonb))
            ON CONFLICT ({key}) DO UPDATE SET applied_at = clock_timestamp(), ({columns})
              = (SELECT {columns}
               FROM jsonb_populate_record(NULL::workos.{table}, lockstep.{merge}(to_jsonb(t), to_jsonb(excluded))))
            WHERE (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")
              OR (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")
              {orEarlierTombstone}
            """;
    private static final String OR_EARLIER_TOMBSTONE = """
            OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")""";
    private static final String BURY = """
            UPDATE workos.{table} t
            SET deleted_at = p.deleted_at, deleted_by = p.deleted_by, applied_at = clock_timestamp()
            FROM workos.{parent} p
            WHERE p.id = t.{reference} AND (t.{reference} = ANY(:parents) OR {own})
              AND (p.deleted_at, p.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            RETURNING t.{firstKey}
            """;

    MirrorTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        parents = List.copyOf(parents);
    }

    /** What a tombstone means. */
    enum Rule {
        /** Ids are used once: a tombstone is for ever, and the earliest one counts. */
        TERMINAL("merge", OR_EARLIER_TOMBSTONE),
        /** Slugs and pairs come back: deletion is a state like any other, and the last version counts. */
        RETURNING("merge_returning", "");

        private final String merge;
        private final String guard;

        Rule(String merge, String guard) {
            this.merge = merge;
            this.guard = guard;
        }
    }

    /**
     * What a row cannot outlive.
     *
     * @param table keyed by {@code id}, with terminal tombstones
     * @param reference the column that names it
     */
    record Parent(MirrorTable table, String reference) {}

    /** A table whose ids are used once. */
    static MirrorTable byId(String name) {
        return new MirrorTable(name, Rule.TERMINAL, List.of("id"), List.of(), List.of());
    }

    /** A table whose keys may come back. */
    static MirrorTable byKey(String name, String... key) {
        return new MirrorTable(name, Rule.RETURNING, List.of(key), List.of(), List.of());
    }

    MirrorTable texts(String... names) {
        return each(Column.Kind.TEXT, names);
    }

    MirrorTable text(String column, String... paths) {
        return with(new Column(column, Column.Kind.TEXT, List.of(paths)));
    }

    MirrorTable flags(String... names) {
        return each(Column.Kind.FLAG, names);
    }

    MirrorTable times(String... names) {
        return each(Column.Kind.TIME, names);
    }

    MirrorTable json(String... names) {
        return each(Column.Kind.JSON, names);
    }

    MirrorTable slugs(String column, String... paths) {
        return with(new Column(column, Column.Kind.SLUGS, List.of(paths)));
    }

    MirrorTable under(MirrorTable parent, String reference) {
        return new MirrorTable(name, rule, key, columns, added(parents, Stream.of(new Parent(parent, reference))));
    }

    private MirrorTable each(Column.Kind kind, String... names) {
        return new MirrorTable(
                name,
                rule,
                key,
                added(columns, Stream.of(names).map(column -> new Column(column, kind, List.of(column)))),
                parents);
    }

    private MirrorTable with(Column column) {
        return new MirrorTable(name, rule, key, added(columns, Stream.of(column)), parents);
    }

    private static <T> List<T> added(List<T> list, Stream<T> more) {
        List<T> all = new ArrayList<>(list);
        more.forEach(all::add);
        return all;
    }

    /** A row with its key and typed columns. */
    ObjectNode row(List<String> keyValues, JsonNode raw) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < key.size(); i++) {
            row.put(key.get(i), keyValues.get(i));
        }
        columns.forEach(column -> column.fill(row, raw));
        return row;
    }

    String upsert() {
        String names = columns.stream().map(column -> column.name() + ", ").collect(Collectors.joining()) + REGISTERS;
        return UPSERT.replace("{orEarlierTombstone}", rule.guard)
                .replace("{table}", name)
                .replace("{key}", String.join(", ", key))
                .replace("{columns}", names)
                .replace("{merge}", rule.merge);
    }

    String bury(Parent parent) {
        List<String> own = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            own.add("t." + key.get(i) + " = ANY(:own" + i + ")");
        }
        return BURY.replace("{table}", name)
                .replace("{parent}", parent.table().name())
                .replace("{reference}", parent.reference())
                .replace("{firstKey}", key.getFirst())
                .replace("{own}", "(" + String.join(" AND ", own) + ")");
    }
}
