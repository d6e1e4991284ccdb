package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The session of a request, open: what is kept of it and what its token says, entitlements, feature flags and custom
 * claims included. A handler takes it as a parameter marked {@link CurrentCaller}; most need no more than the caller.
 * Prints no secret.
 */
public record OpenSession(SealedSession session, AccessToken token) {
    static final String ATTRIBUTE = OpenSession.class.getName();

    /** Returns who the session speaks for, the operator behind it included. */
    public Caller.SignedIn caller() {
        return SessionOutcome.callerOf(session, token);
    }

    static Optional<OpenSession> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof OpenSession open ? Optional.of(open) : Optional.empty();
    }

    /** Returns the session, or ends the request with 401, or with 503 when nobody can say now. */
    static OpenSession require(HttpServletRequest request) {
        RequestCaller.signedIn(request);
        return of(request).orElseThrow(() -> new Refusal(Problem.unauthorized()));
    }
}
