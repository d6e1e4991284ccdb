package dev.lockstep.session.sealing;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * What the session cookie holds. Not proof of anything by itself: the access token is checked by the reader. Prints no
 * secret.
 *
 * @param accessToken the signed token
 * @param refreshToken the one-time token for the next pair, or null if the writer left it out
 * @param user the user as WorkOS's libraries write it
 * @param impersonator the operator behind the session, or null
 * @param authenticationMethod how the person signed in, or null
 * @param organizationId the organization as the sealing library noted it, or null; the token's claim decides
 */
public record SealedSession(
        String accessToken,
        @Nullable String refreshToken,
        UserJson user,
        @Nullable Impersonator impersonator,
        @Nullable String authenticationMethod,
        @Nullable OrganizationId organizationId) {

    @Override
    public String toString() {
        return "SealedSession[" + user.id() + "]";
    }
}
