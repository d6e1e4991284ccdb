package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares objects of WorkOS with their rows, column by column, and what has no column as JSON. The database compares and returns only what differs. It
 * changes nothing. Thread-safe.
 */
public final class Comparison {
    private static final String DIFFERENCES = """
            WITH came AS MATERIALIZED (
              SELECT {cameKey} AS key, r.updated_at, r.raw, to_jsonb(r) - {own} AS want
              FROM ({objects}) r),
            held AS MATERIALIZED (
              SELECT {key} AS key, t.updated_at, t.deleted_at, t.raw, to_jsonb(t) - {own} AS held
              FROM {table} t WHERE t.{firstKey} = ANY(CAST(? AS text[])))
            SELECT key, h.held IS NULL AS missing, c.updated_at AS shown_at, h.updated_at AS held_at, h.deleted_at,
              ARRAY(SELECT w.key FROM jsonb_each(want) w WHERE held -> w.key IS DISTINCT FROM w.value ORDER BY 1) AS fields,
              ARRAY(SELECT DISTINCT p FROM lockstep.differing_paths(
                h.raw - {covered}, c.raw - {covered}, 'raw') p ORDER BY 1 LIMIT 20) AS paths
            FROM came c LEFT JOIN held h USING (key)
            WHERE h.held IS NULL OR h.deleted_at IS NOT NULL OR h.held <> c.want ORDER BY key
            """;
    /** Sums commute, so the order of pages and rows does not matter. Equal jsonb hashes the same, however it is written. */
    private static final String SUM = """
            SELECT coalesce(sum(jsonb_hash_extended(jsonb_strip_nulls(t.raw - {covered}),
              jsonb_hash_extended(to_jsonb(t) - {left}, 0))::numeric), 0)
            """;

    private static final String SHOWN = SUM + "FROM ({objects}) t";
    private static final String HELD = SUM + "FROM {table} t WHERE {scope} = :scope AND t.deleted_at IS NULL";
    /** What the merge keeps for itself says nothing about WorkOS and is left out. */
    private static final Set<String> OWN = Set.of(
            "source",
            "applied_at",
            "event_at",
            "event_id",
            "event_updated_at",
            "snapshot_at",
            "snapshot_updated_at",
            "snapshot_digest",
            "shadow",
            "deleted_at",
            "deleted_by");

    private static final String OWN_COLUMNS = array(OWN.stream());
    private static final String OWN_AND_QUIET = array(Stream.concat(OWN.stream(), Difference.QUIET.stream()));

    /**
     * Parts of an object that follow another object and change without it, or that only one way brings: the rows of
     * those are compared instead.
     */
    private static final Set<String> ELSEWHERE = Set.of(
            "object",
            "previous_attributes",
            "created_at",
            "updated_at",
            "last_sign_in_at",
            "last_used_at",
            "organization_name",
            "user",
            "group",
            "groups");

    private static final Map<Mirrored, String> COVERED =
            Arrays.stream(Mirrored.values()).collect(Collectors.toUnmodifiableMap(kind -> kind, Comparison::covered));

    /** What differs, as the open transaction sees the rows; of every kind that came. */
    public List<Difference> differences(Tx tx, Observed observed) {
        List<Difference> all = new ArrayList<>();
        for (Mirrored kind : observed.kinds()) {
            Rows rows = observed.rows(kind);
            List<Object> parameters = new ArrayList<>(rows.objects());
            parameters.add(rows.firstKeys());
            all.addAll(tx.sql(text(kind, DIFFERENCES))
                    .params(parameters)
                    .query((row, number) -> difference(kind, row))
                    .list());
        }
        return all;
    }

    /** The sum over what WorkOS showed of one kind, to be added up over the pages of a list. */
    public BigDecimal digest(Tx tx, Observed observed, Mirrored kind) {
        return observed.kinds().contains(kind)
                ? tx.sql(text(kind, SHOWN))
                        .params(observed.rows(kind).objects())
                        .query(BigDecimal.class)
                        .single()
                : BigDecimal.ZERO;
    }

    /** The same sum over the rows that a list should show. */
    public BigDecimal held(Tx tx, Mirrored kind, String scope) {
        return tx.sql(text(kind, HELD))
                .param("scope", scope)
                .query(BigDecimal.class)
                .single();
    }

    private static String text(Mirrored kind, String statement) {
        return kind.in(statement)
                .replace("{objects}", Rows.select(kind.table()))
                .replace("{own}", OWN_COLUMNS)
                .replace("{left}", OWN_AND_QUIET)
                .replace("{covered}", Objects.requireNonNull(COVERED.get(kind)));
    }

    private static String array(Stream<String> names) {
        return names.sorted().collect(Collectors.joining(",", "CAST('{", "}' AS text[])"));
    }

    /** What of an object the columns say, and what is compared elsewhere; the rest of it is what has no column. */
    private static String covered(Mirrored kind) {
        MirrorTable table = kind.table();
        return array(Stream.of(
                        table.columns().stream().flatMap(column -> column.paths().stream()),
                        kind.object().key().stream(),
                        ELSEWHERE.stream())
                .flatMap(names -> names)
                .filter(name -> name.indexOf('.') < 0)
                .distinct());
    }

    /** The columns, and in place of the whole object what of it differs; where that is nothing, the object is quiet. */
    private static List<String> fields(ResultSet row) throws SQLException {
        List<String> fields =
                new ArrayList<>(List.of((String[]) row.getArray("fields").getArray()));
        List<String> paths = List.of((String[]) row.getArray("paths").getArray());
        if (!paths.isEmpty()) {
            fields.remove("raw");
            fields.addAll(paths);
        }
        return fields;
    }

    private static Difference difference(Mirrored kind, ResultSet row) throws SQLException {
        return new Difference(
                kind,
                row.getString("key"),
                time(row, "shown_at"),
                time(row, "held_at"),
                time(row, "deleted_at"),
                row.getBoolean("missing"),
                fields(row));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
