package dev.lockstep.sync.projection;

import dev.lockstep.sync.projection.Layout.Shape;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that join rows into a mirrored table, assembled from its description alone. */
final class Upsert {
    private static final String INSERT = """
            INSERT INTO workos.{table} AS t ({names}, applied_at) SELECT {names}, now() FROM {came} AS came
            ON CONFLICT ({key}) DO UPDATE SET applied_at = clock_timestamp(), ({columns})
              = (SELECT {shownColumns} FROM (
                 SELECT CASE WHEN {plain} THEN excluded
                   ELSE jsonb_populate_record(NULL::workos.{table}, lockstep.{merge}(to_jsonb(t), to_jsonb(excluded)))
                   END AS shown
                 OFFSET 0) AS merged)
            WHERE {newerEvent} OR {newerSnapshot} {orEarlierTombstone}""";
    /** Tells which of the rows tie with the event that is there already, and how many rows it wrote. */
    private static final String WITH_TIES = """
            WITH came AS MATERIALIZED ({select}), joined AS ({insert} RETURNING t.deleted_at IS NOT NULL AS gone)
            SELECT 0::bigint, 0::bigint, {cameKeys} FROM came JOIN workos.{table} t USING ({key})
            WHERE came.event_at = t.event_at AND came.event_id <> t.event_id AND {notGone} AND t.deleted_at IS NULL
            UNION ALL SELECT count(*), count(*) FILTER (WHERE gone), {noKeys} FROM joined
            """;
    /** Before the keys of a tie stand the two counts; where there is no key they count. */
    static final int COUNTS = 2;

    /**
     * Joins events where nothing has to be weighed: the object is new here, or its event is later than the one that is
     * there, it is not gone, and no snapshot is shown that would have to be put aside or that knows a later change. Rows
     * of others are held and left as they are; their keys come back, for {@link #of} to join.
     */
    private static final String LATER_EVENTS = """
            WITH joined AS (
              INSERT INTO workos.{table} AS t ({names}, applied_at) SELECT {names}, now() FROM ({select}) AS came
              ON CONFLICT (id) DO UPDATE SET applied_at = clock_timestamp(), {assignments}
              WHERE t.deleted_at IS NULL AND excluded.event_at > coalesce(t.event_at, '-infinity')
                AND (t.snapshot_at IS NULL OR t.shadow IS NOT NULL AND (t.snapshot_updated_at, t.snapshot_at)
                  <= (excluded.event_updated_at, excluded.event_at))
              RETURNING t.id, t.deleted_at IS NOT NULL AS gone)
            SELECT count(*), count(*) FILTER (WHERE gone), CASE WHEN count(*) < ? THEN array_agg(id) END FROM joined
            """;

    private static final String NEWER_EVENT = """
            (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")""";
    private static final String NEWER_SNAPSHOT = """
            (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")""";
    /** Where one kind of register is filled, the newer one is the whole row, and the general merge would only copy it. */
    private static final String PLAIN = """
            ({newerEvent} AND t.snapshot_at IS NULL AND excluded.snapshot_at IS NULL
              OR {newerSnapshot} AND t.event_at IS NULL AND excluded.event_at IS NULL) {andStanding}""";

    private static final String AND_STANDING = "AND t.deleted_at IS NULL";
    private static final String OR_EARLIER_TOMBSTONE = """
            OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")""";

    private Upsert() {}

    /**
     * Joins rows into the table. What it returns are the keys of those that tie, and one row without a key that counts
     * what was written, and what of that is marked as gone. Without events it returns nothing.
     */
    static String of(MirrorTable table, Shape shape) {
        Layout layout = Layout.of(table);
        boolean ties = switch (shape) {
            case EVENTS, ALL -> true;
            case SNAPSHOTS, OBJECT -> false;
        };
        String select = layout.select(shape);
        String insert = insert(table)
                .replace("{names}", String.join(", ", layout.names(shape)))
                .replace("{came}", ties ? "came" : "(" + select + ")");
        return !ties
                ? insert
                : WITH_TIES
                        .replace("{insert}", insert)
                        .replace("{select}", select)
                        .replace("{table}", table.name())
                        .replace("{key}", String.join(", ", table.key()))
                        .replace("{notGone}", "came.deleted_at IS NULL")
                        .replace(
                                "{noKeys}",
                                table.key().stream().map(column -> "NULL::text").collect(Collectors.joining(", ")))
                        .replace(
                                "{cameKeys}",
                                table.key().stream()
                                        .map(column -> "came." + column)
                                        .collect(Collectors.joining(", ")));
    }

    /**
     * Joins the rows of {@link Shape#EVENTS} of a table with terminal tombstones that need no weighing. Behind the arrays
     * stands how many rows there are. Returns how many it wrote, how many of those are gone, and, unless it wrote all,
     * the keys of those it wrote.
     */
    static String ofLaterEvents(MirrorTable table) {
        Layout layout = Layout.of(table);
        List<String> names = layout.names(Shape.EVENTS);
        return LATER_EVENTS
                .replace("{table}", table.name())
                .replace("{names}", String.join(", ", names))
                .replace("{select}", layout.select(Shape.EVENTS))
                .replace(
                        "{assignments}",
                        names.stream()
                                .filter(name -> !table.key().contains(name))
                                .map(name -> name + " = excluded." + name)
                                .collect(Collectors.joining(", ")));
    }

    private static String insert(MirrorTable table) {
        boolean terminal = switch (table.rule()) {
            case TERMINAL -> true;
            case RETURNING -> false;
        };
        String names =
                table.columns().stream().map(column -> column.name() + ", ").collect(Collectors.joining())
                        + String.join(", ", MirrorTable.registers());
        return INSERT.replace("{orEarlierTombstone}", terminal ? OR_EARLIER_TOMBSTONE : "")
                .replace("{plain}", PLAIN)
                .replace("{andStanding}", terminal ? AND_STANDING : "")
                .replace("{newerEvent}", NEWER_EVENT)
                .replace("{newerSnapshot}", NEWER_SNAPSHOT)
                .replace("{shownColumns}", names.replaceAll("([a-z_]+)", "(merged.shown).$1"))
                .replace("{table}", table.name())
                .replace("{key}", String.join(", ", table.key()))
                .replace("{columns}", names)
                .replace("{merge}", terminal ? "merge" : "merge_returning");
    }
}
