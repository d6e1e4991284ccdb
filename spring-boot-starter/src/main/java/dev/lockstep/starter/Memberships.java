package dev.lockstep.starter;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the mirror what a person may do in an organization. Thread-safe; reads only. */
public final class Memberships {
    private static final String ACTIVE = """
            SELECT role_slugs FROM workos.organization_memberships_live
            WHERE user_id = :user AND organization_id = :organization AND status = 'active'
            """;

    private final Database database;

    public Memberships(Database database) {
        this.database = database;
    }

    /**
     * Returns the role slugs of the person in that organization, all memberships taken together.
     *
     * @return empty when there is no active membership whose user and organization are alive
     * @throws org.springframework.dao.DataAccessException when the mirror cannot be asked
     */
    public Optional<Set<RoleSlug>> roles(UserId user, OrganizationId organization) {
        var found = database.read(tx -> tx.sql(ACTIVE)
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
