package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * Compares objects of WorkOS with their rows, column by column and by the whole object. The database compares and
 * returns only what differs. It changes nothing. Thread-safe.
 */
public final class Comparison {
    /** What the merge keeps for itself says nothing about WorkOS and is left out. */
    private static final String DIFFERENCES = """
            WITH came AS MATERIALIZED (
              SELECT r.id, to_jsonb(r) - :own::text[] AS want
              FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) r),
            compared AS MATERIALIZED (
              SELECT c.id, c.want, t.id IS NULL AS missing, t.updated_at, t.deleted_at, to_jsonb(t) - :own::text[] AS held
              FROM came c LEFT JOIN {table} t ON t.id = c.id)
            SELECT id, missing, updated_at, deleted_at,
              ARRAY(SELECT w.key FROM jsonb_each(want) w WHERE held -> w.key IS DISTINCT FROM w.value ORDER BY 1)
                || CASE WHEN deleted_at IS NULL THEN '{}'::text[] ELSE '{deleted_at}'::text[] END AS fields
            FROM compared WHERE missing OR deleted_at IS NOT NULL OR held <> want ORDER BY id
            """;
    private static final String[] OWN = {
        "source", "applied_at", "event_at", "event_id", "event_updated_at", "snapshot_at", "snapshot_updated_at",
        "snapshot_digest", "shadow", "deleted_at", "deleted_by"
    };

    /**
     * Compares all objects of one kind, as the open transaction sees their rows.
     *
     * @param fetched what WorkOS answered, of this kind only
     * @param fetchStartedAt when the request began
     * @return what differs, in the order of ids
     */
    public List<Difference> differences(
            Tx tx, Mirrored kind, Snapshots.Fetched fetched, Instant fetchStartedAt) {
        Seen seen = new Seen.InSnapshot(fetchStartedAt, Writer.SNAPSHOT);
        ArrayNode rows =
                switch (kind) {
                    case USERS -> {
                        UserRows users = new UserRows();
                        fetched.users().forEach(user -> users.add(user, seen, false));
                        yield users.json();
                    }
                    case ORGANIZATIONS -> {
                        OrganizationRows organizations = new OrganizationRows();
                        fetched.organizations().forEach(one -> organizations.add(one, seen, false));
                        yield organizations.json();
                    }
                    case MEMBERSHIPS -> {
                        MembershipRows memberships = new MembershipRows();
                        fetched.memberships().forEach(membership -> memberships.add(membership, seen, false));
                        yield memberships.json();
                    }
                };
        return tx.sql(kind.in(DIFFERENCES))
                .param("own", OWN)
                .param("rows", rows.toString())
                .query((row, number) -> difference(row))
                .list();
    }

    private static Difference difference(ResultSet row) throws SQLException {
        return new Difference(
                row.getString("id"),
                time(row, "updated_at"),
                time(row, "deleted_at"),
                row.getBoolean("missing"),
                List.of((String[]) row.getArray("fields").getArray()));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
