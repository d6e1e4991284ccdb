package dev.lockstep.starter.web;

import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals a session into the response's cookie, or takes it away. */
final class SessionCookieWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCookieWriter.class);

    private final SessionSealer sealer;
    private final SessionCookies cookies;

    SessionCookieWriter(SessionSealer sealer, SessionCookies cookies) {
        this.sealer = sealer;
        this.cookies = cookies;
    }

    /** Returns whether the session fits into a cookie; one that does not is said loudly and changes nothing. */
    boolean write(SealedSession session, HttpServletResponse response) {
        return switch (sealer.seal(session)) {
            case SealOutcome.Sealed sealed -> {
                response.addHeader("Set-Cookie", cookies.set(sealed.value()));
                NoStore.on(response);
                yield true;
            }
            case SealOutcome.TooBig tooBig -> {
                LOG.error(
                        "SESSION_TOO_LARGE a session of {} bytes does not fit into a cookie ({} bytes fit); ask for"
                                + " fewer permissions in the token",
                        tooBig.bytes(),
                        tooBig.budget());
                yield false;
            }
        };
    }

    void clear(HttpServletResponse response) {
        response.addHeader("Set-Cookie", cookies.clear());
        NoStore.on(response);
    }
}
