package dev.lockstep.session.login;

import java.time.Instant;

/**
 * One login attempt on its way: known to the browser only as a seal. Prints no secret.
 *
 * @param verifier the PKCE secret
 * @param returnPath where to go afterwards
 * @param startedAt when the attempt began
 */
record PendingLogin(String verifier, String returnPath, Instant startedAt) {
    @Override
    public String toString() {
        return "PendingLogin[" + startedAt + "]";
    }
}
