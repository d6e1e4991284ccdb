package dev.lockstep.session.token;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an access token says. Not the token itself and not a right: whether it may be believed is the
 * {@link TokenOutcome} it came in. Prints ids only.
 *
 * @param user {@code sub}
 * @param session {@code sid}
 * @param organizationId {@code org_id}, or null outside any organization
 * @param roles the one role and the list of roles together
 * @param permissions {@code permissions}
 * @param issuedAt {@code iat}, whole seconds
 * @param expiresAt {@code exp}, whole seconds
 * @param authTime {@code auth_time}: when the person last proved who they are, or null if unknown
 * @param entitlements {@code entitlements}
 * @param featureFlags {@code feature_flags}
 * @param impersonator {@code act}: the operator behind the session, or null
 * @param customClaims every other claim, in the token's order; do not change the nodes
 */
public record AccessToken(
        UserId user,
        SessionId session,
        @Nullable OrganizationId organizationId,
        Set<RoleSlug> roles,
        Set<Permission> permissions,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant authTime,
        List<String> entitlements,
        List<String> featureFlags,
        @Nullable Impersonator impersonator,
        Map<String, JsonNode> customClaims) {

    public AccessToken {
        roles = Set.copyOf(roles);
        permissions = Set.copyOf(permissions);
        entitlements = List.copyOf(entitlements);
        featureFlags = List.copyOf(featureFlags);
        customClaims = Collections.unmodifiableMap(new LinkedHashMap<>(customClaims));
    }

    /** Returns the organization, if the session is in one. */
    public Optional<OrganizationId> organization() {
        return Optional.ofNullable(organizationId);
    }

    /** Returns the person this token speaks for. */
    public Caller.SignedIn caller() {
        return new Caller.SignedIn(user, session, organizationId, roles, permissions, impersonator);
    }

    /** Returns how long the token lives from its making to its end. */
    public Duration lifetime() {
        return Duration.between(issuedAt, expiresAt);
    }

    /**
     * Returns whether the person proved who they are no longer ago than {@code maxAge}; the boundary counts, an unknown
     * time does not.
     */
    public boolean authenticatedWithin(Duration maxAge, Instant now) {
        return authTime != null && Duration.between(authTime, now).compareTo(maxAge) <= 0;
    }

    @Override
    public String toString() {
        return "AccessToken[" + user + ", " + session + ", until " + expiresAt + "]";
    }
}
