package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Exchanges codes and refresh tokens for tokens. Each is good for one use, so a call is sent once and never repeated by
 * itself: after a lost answer nobody knows whether it was spent. Safe for all threads; blocks, and throws only for
 * mistakes of the caller.
 */
public final class AuthenticationApi {
    private static final String PATH = "/user_management/authenticate";
    /** Refusals that speak about our request and not about the person. */
    private static final Set<String> OUR_FAULT = Set.of(
            "invalid_request",
            "invalid_request_parameters",
            "unprocessable_entity",
            "unsupported_grant_type",
            "invalid_scope",
            "not_found");

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public AuthenticationApi(WorkOsClient client) {
        this.client = client;
    }

    /**
     * Exchanges the code of a callback.
     *
     * @param code from the callback
     * @param codeVerifier the PKCE verifier of the same attempt, or null when the flow was begun without one
     */
    public AuthenticationOutcome withCode(String code, @Nullable String codeVerifier, Visitor visitor) {
        ObjectNode body = grant("authorization_code", visitor).put("code", code);
        if (codeVerifier != null) {
            body.put("code_verifier", codeVerifier);
        }
        return authenticate(body);
    }

    /**
     * Exchanges a refresh token.
     *
     * @param organization the organization to be in afterwards, or null to let WorkOS choose, which may be another one
     *     than before
     */
    public AuthenticationOutcome withRefreshToken(
            String refreshToken, @Nullable OrganizationId organization, Visitor visitor) {
        ObjectNode body = grant("refresh_token", visitor).put("refresh_token", refreshToken);
        if (organization != null) {
            body.put("organization_id", organization.value());
        }
        return authenticate(body);
    }

    private ObjectNode grant(String type, Visitor visitor) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("grant_type", type);
        body.put("client_id", client.settings().clientId());
        body.put("client_secret", client.settings().apiKey().value());
        if (visitor.ipAddress() != null) {
            body.put("ip_address", visitor.ipAddress());
        }
        if (visitor.userAgent() != null) {
            body.put("user_agent", visitor.userAgent());
        }
        return body;
    }

    private AuthenticationOutcome authenticate(ObjectNode body) {
        try {
            return new Authenticated(
                    Lookup.require(client, Call.post(PATH, body).withOwnLimit(), AuthenticationAnswer::from));
        } catch (WorkOsException e) {
            return classify(e.problem());
        }
    }

    private static AuthenticationOutcome classify(WorkOsProblem problem) {
        return problem instanceof Refused(int status, String code) && code != null && !OUR_FAULT.contains(code)
                ? new Denied(code, status)
                : new CannotTell(problem);
    }
}
