package dev.lockstep.starter;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the mirror for the sessions of a person, all of them or those in one organization. Reads only; thread-safe. */
public final class OwnSessions {
    private static final String OWNED = """
            SELECT EXISTS (SELECT 1 FROM workos.sessions_live s WHERE s.id = :session AND s.user_id = :user
              AND (:organization::text IS NULL OR s.organization_id = :organization))
            """;
    private static final String LIST = """
            SELECT s.id, s.organization_id, s.auth_method, s.created_at, s.expires_at, s.impersonator IS NOT NULL AS operator,
              coalesce(n.ip_address, s.ip_address) AS ip_address, coalesce(n.user_agent, s.user_agent) AS user_agent,
              coalesce(n.seen_at, s.updated_at, s.created_at) AS seen_at
            FROM workos.sessions_live s LEFT JOIN lockstep.session_seen n ON n.session_id = s.id
            WHERE s.user_id = :user AND (:organization::text IS NULL OR s.organization_id = :organization)
              AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
              AND NOT EXISTS (SELECT 1 FROM lockstep.ended_session e WHERE e.session_id = s.id)
            ORDER BY (s.id = :current) DESC, seen_at DESC NULLS LAST, s.id LIMIT 200
            """;

    private final Database database;

    public OwnSessions(Database database) {
        this.database = database;
    }

    /**
     * One session as its owner may see it. Prints the id only.
     *
     * @param byOperator whether an operator of WorkOS is signed in as the person
     */
    public record Entry(
            SessionId id,
            @Nullable OrganizationId organizationId,
            @Nullable String method,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            @Nullable Instant createdAt,
            @Nullable Instant seenAt,
            @Nullable Instant expiresAt,
            boolean byOperator) {
        @Override
        public String toString() {
            return "Entry[" + id + "]";
        }
    }

    /** Returns whether that session exists, goes on, and is this person's. */
    public boolean belongsTo(SessionId session, UserId user) {
        return belongsTo(session, user, null);
    }

    /** The same, and in that organization. */
    public boolean belongsTo(SessionId session, UserId user, @Nullable OrganizationId organization) {
        return database.read(tx -> tx.sql(OWNED)
                .param("session", session.value())
                .param("user", user.value())
                .param("organization", organization == null ? null : organization.value())
                .query(Boolean.class)
                .single());
    }

    /**
     * Returns the sessions that go on, the current one first, then the one used last.
     *
     * @param organization only those in it, or null for all
     * @param current the session that asks, or null
     */
    public List<Entry> list(UserId user, @Nullable OrganizationId organization, @Nullable SessionId current) {
        return database.read(tx -> tx.sql(LIST)
                .param("user", user.value())
                .param("organization", organization == null ? null : organization.value())
                .param("current", current == null ? "" : current.value())
                .query((row, n) -> entry(row))
                .list());
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String organization = row.getString("organization_id");
        return new Entry(
                new SessionId(row.getString("id")),
                organization == null ? null : new OrganizationId(organization),
                row.getString("auth_method"),
                row.getString("ip_address"),
                row.getString("user_agent"),
                at(row, "created_at"),
                at(row, "seen_at"),
                at(row, "expires_at"),
                row.getBoolean("operator"));
    }

    private static @Nullable Instant at(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
