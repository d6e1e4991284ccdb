package dev.lockstep.workos.object;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A sign-in session as WorkOS describes it. Not the cookie, and an upper bound only: WorkOS ends idle sessions without
 * an event.
 *
 * @param id the {@code sid} claim of its access tokens, always there
 * @param userId or null
 * @param organizationId or null outside any organization
 * @param authMethod for example {@code password}, or null
 * @param status for example {@code active} or {@code revoked}, or null
 * @param ipAddress or null
 * @param userAgent or null
 * @param impersonator the operator behind it, or null
 * @param expiresAt or null
 * @param endedAt or null
 * @param createdAt or null
 * @param updatedAt or null
 * @param raw the whole object without secrets; shared, not to be changed
 */
public record WorkOsSession(
        SessionId id,
        @Nullable UserId userId,
        @Nullable OrganizationId organizationId,
        @Nullable String authMethod,
        @Nullable String status,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        @Nullable Impersonator impersonator,
        @Nullable Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        JsonNode raw) {

    /**
     * Reads a session.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when it is no object or has no id
     */
    public static WorkOsSession from(JsonNode json) {
        Fields fields = Fields.of("session", json);
        String user = fields.optionalId("user_id");
        String organization = fields.optionalId("organization_id");
        return new WorkOsSession(
                new SessionId(fields.id("id")),
                user == null ? null : new UserId(user),
                organization == null ? null : new OrganizationId(organization),
                fields.text("auth_method"),
                fields.text("status"),
                fields.text("ip_address"),
                fields.text("user_agent"),
                Impersonators.from(fields.object("impersonator")),
                fields.time("expires_at"),
                fields.time("ended_at"),
                fields.time("created_at"),
                fields.time("updated_at"),
                Secrets.strip(json));
    }

    @Override
    public String toString() {
        return "WorkOsSession[" + id + "]";
    }
}
