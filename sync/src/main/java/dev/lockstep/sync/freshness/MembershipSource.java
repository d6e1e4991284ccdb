package dev.lockstep.sync.freshness;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.object.WorkOsMembership;
import java.util.List;

/** Where memberships can be asked for when the mirror must not decide alone: WorkOS itself. */
@FunctionalInterface
public interface MembershipSource {
    /**
     * The user's memberships in that organization in any status, possibly none. Blocks, but not for long.
     *
     * @throws dev.lockstep.workos.WorkOsException when WorkOS gives no usable answer
     */
    List<WorkOsMembership> memberships(UserId user, OrganizationId organization);
}
