package dev.lockstep.starter.web;

import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.keeping.KeepOutcome;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the response's session cookie, for a session that is kept in it or on the server, or takes it away. */
final class SessionCookieWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCookieWriter.class);

    private final SessionKeeper keeper;
    private final SessionCookies cookies;

    SessionCookieWriter(SessionKeeper keeper, SessionCookies cookies) {
        this.keeper = keeper;
        this.cookies = cookies;
    }

    /** Begins a session: under a fresh reference, whatever cookie came along. Returns whether it could be kept. */
    boolean begin(SealedSession session, AccessToken token, HttpServletRequest request, HttpServletResponse response) {
        boolean kept = write(session, token, null, response);
        if (kept) {
            values(request).forEach(keeper::forget);
        }
        return kept;
    }

    /** Goes on with the request's session. Returns whether it could be kept. */
    boolean renew(SealedSession session, AccessToken token, HttpServletRequest request, HttpServletResponse response) {
        List<String> values = values(request);
        return write(session, token, values.size() == 1 ? values.getFirst() : null, response);
    }

    /** Takes the session away, here and on the server. */
    void end(HttpServletRequest request, HttpServletResponse response) {
        values(request).forEach(keeper::forget);
        response.addHeader("Set-Cookie", cookies.clear());
        NoStore.on(response);
    }

    private boolean write(
            SealedSession session, AccessToken token, @Nullable String before, HttpServletResponse response) {
        return switch (keeper.keep(session, token, before)) {
            case KeepOutcome.Kept kept -> {
                response.addHeader("Set-Cookie", cookies.set(kept.value()));
                NoStore.on(response);
                yield true;
            }
            case KeepOutcome.TooBig tooBig -> {
                LOG.error(
                        "SESSION_TOO_LARGE a session of {} bytes does not fit into a cookie ({} bytes fit) and no table"
                                + " is set",
                        tooBig.bytes(),
                        tooBig.budget());
                yield false;
            }
            case KeepOutcome.Unavailable unavailable -> {
                LOG.warn("SESSION_NOT_STORED {}", unavailable.reason());
                yield false;
            }
        };
    }

    private List<String> values(HttpServletRequest request) {
        return cookies.sessionValues(Collections.list(request.getHeaders("Cookie")));
    }
}
