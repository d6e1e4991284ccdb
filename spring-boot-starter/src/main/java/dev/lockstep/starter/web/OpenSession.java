package dev.lockstep.starter.web;

import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The session of a request, open: what the cookie holds and what its token says. Only the authentication routes look at
 * it; everybody else gets the caller.
 */
record OpenSession(SealedSession session, AccessToken token) {
    static final String ATTRIBUTE = OpenSession.class.getName();

    static Optional<OpenSession> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof OpenSession open ? Optional.of(open) : Optional.empty();
    }
}
