package dev.lockstep.sync.freshness;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the mirror what a person may do in an organization, however old it is. Thread-safe; reads only. */
public final class MirroredMemberships {
    private static final String LIVE = """
            SELECT role_slugs FROM workos.organization_memberships_live
            WHERE user_id = :user AND organization_id = :organization AND status = 'active'
            """;
    private static final String NOT_ENDED = """
            SELECT m.role_slugs FROM workos.organization_memberships m
            WHERE m.user_id = :user AND m.organization_id = :organization
              AND m.status = 'active' AND m.deleted_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM workos.users u WHERE u.id = m.user_id AND u.deleted_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM workos.organizations o
                WHERE o.id = m.organization_id AND o.deleted_at IS NOT NULL)
            """;

    /** A role that is gone allows nothing; one that never came, or came without saying what it allows, is not known. */
    private static final String PERMISSIONS = """
            SELECT coalesce(jsonb_exists(own.raw, 'permissions') OR own.deleted_at IS NOT NULL,
                jsonb_exists(all_of_them.raw, 'permissions') OR all_of_them.deleted_at IS NOT NULL, false) AS known,
              CASE WHEN own.slug IS NOT NULL AND own.deleted_at IS NULL THEN own.permissions
                WHEN all_of_them.slug IS NOT NULL AND all_of_them.deleted_at IS NULL THEN all_of_them.permissions
                ELSE '{}' END AS permissions
            FROM unnest(CAST(:roles AS text[])) AS asked (slug)
            LEFT JOIN workos.organization_roles own ON own.slug = asked.slug AND own.organization_id = :organization
            LEFT JOIN workos.roles all_of_them ON all_of_them.slug = asked.slug
            """;

    private static final String STANDING = """
            SELECT id, role_slugs FROM workos.organization_memberships_live
            WHERE user_id = :user AND organization_id = :organization
            ORDER BY (status = 'active') DESC, created_at DESC, id LIMIT 1
            """;
    private static final String INVITATION = """
            SELECT count(*) > 0 FROM workos.invitations_live WHERE id = :invitation AND organization_id = :organization
            """;

    private final Database database;

    /** @param database where the mirror is */
    public MirroredMemberships(Database database) {
        this.database = database;
    }

    /**
     * The role slugs of all active memberships whose user and organization are there and alive.
     *
     * @return empty when there is no such membership
     * @throws org.springframework.dao.DataAccessException when the mirror cannot be asked
     */
    public Optional<Set<RoleSlug>> roles(UserId user, OrganizationId organization) {
        return roles(LIVE, user, organization);
    }

    /** Like {@link #roles}, also while user or organization have not arrived; what is known to be deleted gives none. */
    Optional<Set<RoleSlug>> rolesNotEnded(UserId user, OrganizationId organization) {
        return roles(NOT_ENDED, user, organization);
    }

    /**
     * What some roles allow in the organization, its own roles before those of the environment.
     *
     * @return empty when the mirror does not know that of one of them, and so cannot say what they allow together
     */
    Optional<Set<Permission>> permissions(OrganizationId organization, Set<RoleSlug> roles) {
        List<Allowed> known = database.read(tx -> tx.sql(PERMISSIONS)
                .param("organization", organization.value())
                .param("roles", roles.stream().map(RoleSlug::value).toArray(String[]::new))
                .query((row, number) -> new Allowed(row.getBoolean("known"), (String[])
                        row.getArray("permissions").getArray()))
                .list());
        return known.stream().allMatch(Allowed::known)
                ? Optional.of(known.stream()
                        .flatMap(role -> Arrays.stream(role.permissions()))
                        .map(Permission::new)
                        .collect(Collectors.toUnmodifiableSet()))
                : Optional.empty();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Allowed(boolean known, String[] permissions) {}

    /** The person's membership in the organization, an active one rather than another; empty when there is none. */
    public Optional<Standing> standing(UserId user, OrganizationId organization) {
        return database.read(tx -> tx
                .sql(STANDING)
                .param("user", user.value())
                .param("organization", organization.value())
                .query((row, number) -> new Standing(
                        new MembershipId(row.getString("id")),
                        Arrays.stream((String[]) row.getArray("role_slugs").getArray())
                                .map(RoleSlug::new)
                                .collect(Collectors.toUnmodifiableSet())))
                .list()
                .stream()
                .findFirst());
    }

    /**
     * A membership in whatever status.
     *
     * @param roles possibly none
     */
    public record Standing(MembershipId membership, Set<RoleSlug> roles) {
        public Standing {
            roles = Set.copyOf(roles);
        }
    }

    /** Whether the organization has such an invitation, pending or not. */
    public boolean hasInvitation(OrganizationId organization, String invitation) {
        return database.read(tx -> tx.sql(INVITATION)
                .param("organization", organization.value())
                .param("invitation", invitation)
                .query(Boolean.class)
                .single());
    }

    private Optional<Set<RoleSlug>> roles(String statement, UserId user, OrganizationId organization) {
        List<String[]> found = database.read(tx -> tx.sql(statement)
                .param("user", user.value())
                .param("organization", organization.value())
                .query((row, n) -> (String[]) row.getArray(1).getArray())
                .list());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                found.stream().flatMap(Arrays::stream).map(RoleSlug::new).collect(Collectors.toUnmodifiableSet()));
    }
}
