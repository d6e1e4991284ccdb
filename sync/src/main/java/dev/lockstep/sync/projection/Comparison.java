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
              SELECT {cameKey} AS key, r.updated_at, r.raw, to_jsonb(r) - CAST(:own AS text[]) AS want
              FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) r),
            held AS MATERIALIZED (
              SELECT {key} AS key, t.updated_at, t.deleted_at, t.raw, to_jsonb(t) - CAST(:own AS text[]) AS held
              FROM {table} t WHERE t.{firstKey} = ANY(CAST(:firstKeys AS text[])))
            SELECT key, h.held IS NULL AS missing, c.updated_at AS shown_at, h.updated_at AS held_at, h.deleted_at,
              ARRAY(SELECT w.key FROM jsonb_each(want) w WHERE held -> w.key IS DISTINCT FROM w.value ORDER BY 1) AS fields,
              ARRAY(SELECT DISTINCT p FROM lockstep.differing_paths(
                h.raw - CAST(:covered AS text[]), c.raw - CAST(:covered AS text[]), 'raw') p ORDER BY 1 LIMIT 20) AS paths
            FROM came c LEFT JOIN held h USING (key)
            WHERE h.held IS NULL OR h.deleted_at IS NOT NULL OR h.held <> c.want ORDER BY key
            """;
    /** Sums commute, so the order of pages and rows does not matter. Equal jsonb hashes the same, however it is written. */
    private static final String SUM = """
            SELECT coalesce(sum(jsonb_hash_extended(jsonb_strip_nulls(t.raw - CAST(:covered AS text[])),
              jsonb_hash_extended(to_jsonb(t) - CAST(:left AS text[]), 0))::numeric), 0)
            """;

    private static final String SHOWN = SUM + "FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) t";
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

    private static final String[] OWN_COLUMNS = OWN.stream().sorted().toArray(String[]::new);
    private static final String[] OWN_AND_QUIET =
            Stream.concat(OWN.stream(), Difference.QUIET.stream()).sorted().toArray(String[]::new);

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

    private static final Map<Mirrored, String[]> COVERED =
            Arrays.stream(Mirrored.values()).collect(Collectors.toUnmodifiableMap(kind -> kind, Comparison::covered));

    /** What differs, as the open transaction sees the rows; of every kind that came. */
    public List<Difference> differences(Tx tx, Observed observed) {
        List<Difference> all = new ArrayList<>();
        for (Mirrored kind : observed.kinds()) {
            Rows rows = observed.rows(kind);
            all.addAll(tx.sql(kind.in(DIFFERENCES))
                    .param("own", OWN_COLUMNS)
                    .param("covered", covering(kind))
                    .param("rows", rows.json().toString())
                    .param("firstKeys", rows.firstKeys())
                    .query((row, number) -> difference(kind, row))
                    .list());
        }
        return all;
    }

    /** The sum over what WorkOS showed of one kind, to be added up over the pages of a list. */
    public BigDecimal digest(Tx tx, Observed observed, Mirrored kind) {
        return observed.kinds().contains(kind)
                ? tx.sql(kind.in(SHOWN))
                        .param("left", OWN_AND_QUIET)
                        .param("covered", covering(kind))
                        .param("rows", observed.rows(kind).json().toString())
                        .query(BigDecimal.class)
                        .single()
                : BigDecimal.ZERO;
    }

    /** The same sum over the rows that a list should show. */
    public BigDecimal held(Tx tx, Mirrored kind, String scope) {
        return tx.sql(kind.in(HELD))
                .param("left", OWN_AND_QUIET)
                .param("covered", covering(kind))
                .param("scope", scope)
                .query(BigDecimal.class)
                .single();
    }

    private static String[] covering(Mirrored kind) {
        return Objects.requireNonNull(COVERED.get(kind));
    }

    /** What of an object the columns say, and what is compared elsewhere; the rest of it is what has no column. */
    private static String[] covered(Mirrored kind) {
        MirrorTable table = kind.table();
        return Stream.of(
                        table.columns().stream().flatMap(column -> column.paths().stream()),
                        kind.object().key().stream(),
                        ELSEWHERE.stream())
                .flatMap(names -> names)
                .filter(name -> name.indexOf('.') < 0)
                .distinct()
                .sorted()
                .toArray(String[]::new);
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
