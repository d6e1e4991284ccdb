package dev.lockstep.sync.projection;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import java.util.List;
import java.util.Optional;

/** What a sign-in asks WorkOS in the background. Implementations block, and throw when WorkOS does not answer. */
public interface LoginLookup {
    /** The organization, or empty when WorkOS has none of that id. */
    Optional<WorkOsOrganization> organization(OrganizationId id);

    /** The user's memberships in that organization in any status, possibly none. */
    List<WorkOsMembership> memberships(UserId user, OrganizationId organization);
}
