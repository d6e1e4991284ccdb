package dev.lockstep.sync.projection;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lookup of a sign-in, asked of WorkOS itself. Thread-safe. */
public final class WorkOsLoginLookup implements LoginLookup {
    private final OrganizationsApi organizations;
    private final MembershipsApi memberships;

    /** Both apis should carry the urgency of a login. */
    public WorkOsLoginLookup(OrganizationsApi organizations, MembershipsApi memberships) {
        this.organizations = organizations;
        this.memberships = memberships;
    }

    @Override
    public Optional<WorkOsOrganization> organization(OrganizationId id) {
        return organizations.find(id);
    }

    @Override
    public List<WorkOsMembership> memberships(UserId user, OrganizationId organization) {
        List<WorkOsMembership> found = new ArrayList<>();
        Page<WorkOsMembership> page = memberships.ofUser(user, MembershipsApi.EVERY_STATUS, null);
        while (true) {
            page.items().stream()
                    .filter(membership -> membership.organizationId().equals(organization))
                    .forEach(found::add);
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return found;
            }
            page = memberships.ofUser(user, MembershipsApi.EVERY_STATUS, next.get());
        }
    }
}
