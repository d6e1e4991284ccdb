package dev.lockstep.session.sealing;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

    /** Returns the JSON that goes into a seal, in UTF-8; a secret. */
    public byte[] bytes() {
        return SessionJson.write(this).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #bytes} wrote; nothing if it is not a session. */
    public static Optional<SealedSession> parse(byte[] bytes) {
        return StrictJson.utf8(bytes).flatMap(SessionJson::read);
    }

    @Override
    public String toString() {
        return "SealedSession[" + user.id() + "]";
    }
}
