package dev.lockstep.sync.projection;

import dev.lockstep.workos.object.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The description of a mirrored table, and the statements that follow from it. The texts are assembled from these
 * descriptions alone, never from anything that came from outside.
 *
 * @param kind what its rows are
 * @param name the table in schema {@code workos}
 * @param rule what a tombstone means there
 * @param key its key columns, in order
 * @param columns its typed columns, apart from the key and what all tables have
 * @param parents what its rows cannot outlive
 * @param oftenMissing columns that events leave out although WorkOS has a value
 */
record MirrorTable(
        ObjectKind kind,
        String name,
        Rule rule,
        List<String> key,
        List<Column> columns,
        List<Parent> parents,
        List<String> oftenMissing) {
    private static final String REGISTERS =
            "created_at, updated_at, raw, source, deleted_at, deleted_by, event_at, event_id, event_updated_at,"
                    + " snapshot_at, snapshot_updated_at, snapshot_digest, shadow";
    /** Rows go with a parent; those that were written under a parent that was gone before are named by key. */
    private static final String BURY = """
            UPDATE workos.{table} t
            SET deleted_at = p.deleted_at, deleted_by = p.deleted_by, applied_at = clock_timestamp()
            FROM workos.{parent} p
            WHERE p.id = t.{reference} AND (t.{reference} = ANY(:gone) OR {own})
              AND (p.deleted_at, p.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            """;

    private static final String STATES = """
            SELECT t.id, t.deleted_at IS NOT NULL AS gone, false AS goes FROM workos.{table} t WHERE t.id = ANY(:ids)
            """;
    private static final String HOLD = """
            SELECT t.{firstKey} AS id, t.deleted_at IS NOT NULL AS gone, ({under}) IS TRUE AS goes
            FROM workos.{table} t
            WHERE {which} ORDER BY {keys} FOR {strength}
            """;

    MirrorTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        parents = List.copyOf(parents);
        oftenMissing = List.copyOf(oftenMissing);
    }

    /** What a tombstone means. */
    enum Rule {
        /** Ids are used once: a tombstone is for ever, and the earliest one counts. */
        TERMINAL,
        /** Slugs and pairs come back: deletion is a state like any other, and the last version counts. */
        RETURNING
    }

    /**
     * What a row cannot outlive.
     *
     * @param table keyed by {@code id}, with terminal tombstones
     * @param reference the column that names it
     * @param always whether the column always names an object of that table
     */
    record Parent(MirrorTable table, String reference, boolean always) {}

    /** A table whose ids are used once. */
    static MirrorTable byId(ObjectKind kind, String name) {
        return new MirrorTable(kind, name, Rule.TERMINAL, List.of("id"), List.of(), List.of(), List.of());
    }

    /** A table whose keys may come back. */
    static MirrorTable byKey(ObjectKind kind, String name, String... key) {
        return new MirrorTable(kind, name, Rule.RETURNING, List.of(key), List.of(), List.of(), List.of());
    }

    /** The columns that all tables have beside key, typed columns and the time of writing. */
    static List<String> registers() {
        return List.of(REGISTERS.split(", ", -1));
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

    /** A flag that says nothing when it is missing. */
    MirrorTable maybe(String column) {
        return with(new Column(column, Column.Kind.MAYBE, List.of(column)));
    }

    MirrorTable under(MirrorTable parent, String reference) {
        return under(new Parent(parent, reference, true));
    }

    /** Under a parent that the column may name, or an object of another table. */
    MirrorTable looselyUnder(MirrorTable parent, String reference) {
        return under(new Parent(parent, reference, false));
    }

    MirrorTable oftenMissing(String column) {
        return new MirrorTable(kind, name, rule, key, columns, parents, added(oftenMissing, Stream.of(column)));
    }

    private MirrorTable under(Parent parent) {
        return new MirrorTable(kind, name, rule, key, columns, added(parents, Stream.of(parent)), oftenMissing);
    }

    private MirrorTable each(Column.Kind type, String... names) {
        return with(Stream.of(names).map(column -> new Column(column, type, List.of(column))));
    }

    private MirrorTable with(Column column) {
        return with(Stream.of(column));
    }

    private MirrorTable with(Stream<Column> more) {
        return new MirrorTable(kind, name, rule, key, added(columns, more), parents, oftenMissing);
    }

    private static <T> List<T> added(List<T> list, Stream<T> more) {
        List<T> all = new ArrayList<>(list);
        more.forEach(all::add);
        return all;
    }

    /** The object under a key. */
    String raw() {
        return "SELECT raw::text FROM workos." + name + " WHERE "
                + IntStream.range(0, key.size())
                        .mapToObj(i -> key.get(i) + " = :key" + i)
                        .collect(Collectors.joining(" AND "));
    }

    String bury(Parent parent) {
        List<String> own = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            own.add("t." + key.get(i) + " = ANY(:own" + i + ")");
        }
        return BURY.replace("{table}", name)
                .replace("{parent}", parent.table().name())
                .replace("{reference}", parent.reference())
                .replace("{own}", "(" + String.join(" AND ", own) + ")");
    }

    /** Which of some ids are there, and which of those are gone. Only for tables keyed by id. */
    String states() {
        return STATES.replace("{table}", name);
    }

    /**
     * Holds rows until the transaction ends, in the order of their keys: some by id against being buried, or with
     * those everything that hangs on parents that go, to be buried.
     */
    String hold(boolean named, boolean toBury) {
        String under = IntStream.range(0, parents.size())
                .mapToObj(i -> "t." + parents.get(i).reference() + " = ANY(:gone" + i + ")")
                .collect(Collectors.joining(" OR "));
        String ids = "t.id = ANY(:ids)";
        return HOLD.replace("{table}", name)
                .replace("{firstKey}", key.getFirst())
                .replace("{which}", toBury ? (named ? ids + " OR " : "") + under : ids)
                .replace("{under}", toBury ? under : "false")
                .replace("{keys}", key.stream().map(column -> "t." + column).collect(Collectors.joining(", ")))
                .replace("{strength}", toBury ? "NO KEY UPDATE" : "SHARE");
    }
}
