package dev.lockstep.workos.authentication;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.object.Impersonators;
import dev.lockstep.workos.object.WorkOsUser;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What WorkOS gives for a code or a refresh token. The access token is not verified yet; that is the session room's job.
 *
 * @param accessToken a signed JWT
 * @param refreshToken good for one use; the one before it is spent
 * @param user fresh; {@code user.raw()} is the JSON as WorkOS wrote it
 * @param organizationId the organization the session is in, or null
 * @param impersonator the operator behind the session, or null
 * @param authenticationMethod how the person signed in, or null, for example after a refresh
 */
public record AuthenticationAnswer(
        String accessToken,
        String refreshToken,
        WorkOsUser user,
        @Nullable OrganizationId organizationId,
        @Nullable Impersonator impersonator,
        @Nullable String authenticationMethod) {

    /** Reads the answer; throws (malformed answer) when a token or the user is missing. */
    static AuthenticationAnswer from(JsonNode json) {
        JsonNode user = json.get("user");
        if (user == null) {
            throw new WorkOsException(new MalformedAnswer("the sign-in answer has no user"));
        }
        String organization = text(json, "organization_id");
        return new AuthenticationAnswer(
                token(json, "access_token"),
                token(json, "refresh_token"),
                WorkOsUser.from(user),
                organization == null || organization.isBlank() ? null : new OrganizationId(organization),
                Impersonators.from(json.get("impersonator")),
                text(json, "authentication_method"));
    }

    private static String token(JsonNode json, String name) {
        String value = text(json, name);
        if (value == null || value.isBlank()) {
            throw new WorkOsException(new MalformedAnswer("the sign-in answer has no " + name));
        }
        return value;
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        return (value != null && value.isString()) ? value.stringValue() : null;
    }

    @Override
    public String toString() {
        return "AuthenticationAnswer[" + user.id() + "]";
    }
}
