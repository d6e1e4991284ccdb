package dev.lockstep.workosdouble;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.time.Instant;

/**
 * One organization membership as the double's own WorkOS holds it. Instants have millisecond resolution.
 *
 * @param directoryManaged a directory made it and will end it
 */
public record MembershipRecord(
        MembershipId id,
        UserId userId,
        OrganizationId organizationId,
        Status status,
        RoleSlug role,
        boolean directoryManaged,
        Instant createdAt,
        Instant updatedAt) {

    /** Where a membership stands; only {@code ACTIVE} lets a user in. */
    public enum Status {
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("inactive")
        INACTIVE,
        @JsonProperty("pending")
        PENDING
    }

    MembershipRecord withRole(RoleSlug newRole, Instant at) {
        return new MembershipRecord(id, userId, organizationId, status, newRole, directoryManaged, createdAt, at);
    }

    MembershipRecord withStatus(Status newStatus, Instant at) {
        return new MembershipRecord(id, userId, organizationId, newStatus, role, directoryManaged, createdAt, at);
    }
}
