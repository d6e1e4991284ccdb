package dev.lockstep.session.login;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One login attempt on its way: known to the browser only as a seal. Prints no secret.
 *
 * @param verifier the PKCE secret
 * @param returnPath where to go afterwards
 * @param startedAt when the attempt began
 * @param appState what the application gave along for itself, or null
 * @param redirectUri where the attempt comes back to when that is not the usual address, or null
 */
record PendingLogin(
        String verifier,
        String returnPath,
        Instant startedAt,
        @Nullable String appState,
        @Nullable String redirectUri) {
    @Override
    public String toString() {
        return "PendingLogin[" + startedAt + "]";
    }
}
