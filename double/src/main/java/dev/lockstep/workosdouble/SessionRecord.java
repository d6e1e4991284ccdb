package dev.lockstep.workosdouble;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One sign-in session as the double's own WorkOS holds it. It never holds a token. */
public record SessionRecord(
        SessionId id,
        UserId userId,
        @Nullable OrganizationId organizationId,
        String authMethod,
        Status status,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt,
        @Nullable Instant endedAt,
        Instant createdAt,
        Instant updatedAt) {

    /** {@code ACTIVE} goes to {@code REVOKED} once and never back. Expiry by time leaves the status alone, as in WorkOS. */
    public enum Status {
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("revoked")
        REVOKED
    }

    boolean aliveAt(Instant now) {
        return status == Status.ACTIVE && now.isBefore(expiresAt);
    }

    SessionRecord revoked(Instant at) {
        return new SessionRecord(
                id,
                userId,
                organizationId,
                authMethod,
                Status.REVOKED,
                ipAddress,
                userAgent,
                expiresAt,
                at,
                createdAt,
                at);
    }

    SessionRecord inOrganization(@Nullable OrganizationId organization, Instant at) {
        return new SessionRecord(
                id, userId, organization, authMethod, status, ipAddress, userAgent, expiresAt, endedAt, createdAt, at);
    }
}
