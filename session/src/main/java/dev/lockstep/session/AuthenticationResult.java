package dev.lockstep.session;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import org.jspecify.annotations.Nullable;

/**
 * What WorkOS answered to a code or a refresh token. Prints no secret.
 *
 * @param accessToken the signed token
 * @param refreshToken the one-time token for the next pair
 * @param user the user as it is now; an adapter makes it with {@link UserJson#fromApi}
 * @param organizationId the organization the session is in, or null
 * @param impersonator the operator behind the session, or null
 * @param authenticationMethod how the person signed in, or null
 */
public record AuthenticationResult(
        String accessToken,
        String refreshToken,
        UserJson user,
        @Nullable OrganizationId organizationId,
        @Nullable Impersonator impersonator,
        @Nullable String authenticationMethod) {

    /** Returns what goes into the session cookie. */
    public SealedSession toSession() {
        return new SealedSession(accessToken, refreshToken, user, impersonator, authenticationMethod, organizationId);
    }

    @Override
    public String toString() {
        return "AuthenticationResult[" + user.id() + "]";
    }
}
