package dev.lockstep.starter;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks our own tables what a person is here: their account, and every organization they belong to. Two statements, however
 * many organizations. Reads only; thread-safe.
 */
public final class OwnRows {
    private static final int MOST = 500;
    private static final String ACCOUNT = "SELECT id FROM app.accounts WHERE workos_user_id = :user";
    private static final String MEMBERSHIPS = """
            SELECT m.id, m.organization_id, coalesce(m.status, '') AS status, m.role_slugs, m.created_at,
              coalesce(o.name, '') AS name, t.slug, t.domain, t.logo_url
            FROM workos.organization_memberships_live m
            JOIN workos.organizations_live o ON o.id = m.organization_id
            LEFT JOIN app.tenants t ON t.organization_id = m.organization_id
            WHERE m.user_id = :user
            ORDER BY o.name, m.id LIMIT :most
            """;

    private final Database database;

    public OwnRows(Database database) {
        this.database = database;
    }

    /**
     * What we have of a person.
     *
     * @param account null until the first sign-in or the first event has made it
     * @param memberships by the name of the organization; 500 at most
     */
    public record Rows(@Nullable AccountId account, List<Membership> memberships) {
        public Rows {
            memberships = List.copyOf(memberships);
        }
    }

    /**
     * One membership.
     *
     * @param status as WorkOS says it, such as active or pending
     */
    public record Membership(
            MembershipId id,
            Organization organization,
            String status,
            Set<RoleSlug> roles,
            @Nullable Instant createdAt) {
        public Membership {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * The organization of a membership; slug, domain and logo are the application's own.
     *
     * @param name as WorkOS has it
     */
    public record Organization(
            OrganizationId id,
            String name,
            @Nullable String slug,
            @Nullable String domain,
            @Nullable String logoUrl) {}

    /** @throws org.springframework.dao.DataAccessException when the database cannot be asked */
    public Rows of(UserId user) {
        return database.read(tx -> new Rows(
                account(tx, user),
                tx.sql(MEMBERSHIPS)
                        .param("user", user.value())
                        .param("most", MOST)
                        .query((row, n) -> membership(row))
                        .list()));
    }

    /**
     * Returns the key that application tables know a person by, or null while there is none.
     *
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public @Nullable AccountId account(UserId user) {
        return database.read(tx -> account(tx, user));
    }

    private static @Nullable AccountId account(Tx tx, UserId user) {
        return tx.sql(ACCOUNT)
                .param("user", user.value())
                .query(UUID.class)
                .optional()
                .map(AccountId::new)
                .orElse(null);
    }

    private static Membership membership(ResultSet row) throws SQLException {
        OffsetDateTime created = row.getObject("created_at", OffsetDateTime.class);
        return new Membership(
                new MembershipId(row.getString("id")),
                new Organization(
                        new OrganizationId(row.getString("organization_id")),
                        row.getString("name"),
                        row.getString("slug"),
                        row.getString("domain"),
                        row.getString("logo_url")),
                row.getString("status"),
                Arrays.stream((String[]) row.getArray("role_slugs").getArray())
                        .map(RoleSlug::new)
                        .collect(Collectors.toUnmodifiableSet()),
                created == null ? null : created.toInstant());
    }
}
