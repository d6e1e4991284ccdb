package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.WorkOsClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Exchanges codes and refresh tokens for tokens. Each is good for one use, so a call is sent once and never repeated by
 * itself: after a lost answer nobody knows whether it was spent. Safe for all threads; blocks, and throws only for
 * mistakes of the caller.
 */
public final class AuthenticationApi {
    private final Grants grants;

    /** Uses a client with its urgency. */
    public AuthenticationApi(WorkOsClient client) {
        this.grants = new Grants(client);
    }

    /**
     * Exchanges the code of a callback.
     *
     * @param code from the callback
     * @param codeVerifier the PKCE verifier of the same attempt, or null when the flow was begun without one
     */
    public AuthenticationOutcome withCode(String code, @Nullable String codeVerifier, Visitor visitor) {
        ObjectNode body = grants.grant("authorization_code", visitor).put("code", code);
        if (codeVerifier != null) {
            body.put("code_verifier", codeVerifier);
        }
        return grants.authenticate(body);
    }

    /**
     * Exchanges a refresh token.
     *
     * @param organization the organization to be in afterwards, or null to let WorkOS choose, which may be another one
     *     than before
     */
    public AuthenticationOutcome withRefreshToken(
            String refreshToken, @Nullable OrganizationId organization, Visitor visitor) {
        ObjectNode body = grants.grant("refresh_token", visitor).put("refresh_token", refreshToken);
        if (organization != null) {
            body.put("organization_id", organization.value());
        }
        return grants.authenticate(body);
    }
}
