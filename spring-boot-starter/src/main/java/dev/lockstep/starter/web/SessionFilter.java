package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.Signals;
import dev.lockstep.starter.Tally;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says for every request who is calling, before anything else runs: reads the session cookie, renews it when it is due,
 * clears it when it is worthless. It refuses nobody; that is for handlers that need somebody.
 */
final class SessionFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFilter.class);

    private final SessionReader reader;
    private final SessionRefresher refresher;
    private final SessionCookieWriter cookie;
    private final SessionCookies cookies;
    private final Tally<Signals.Session> seen;

    SessionFilter(
            SessionReader reader,
            SessionRefresher refresher,
            SessionCookieWriter cookie,
            SessionCookies cookies,
            Tally<Signals.Session> seen) {
        this.reader = reader;
        this.refresher = refresher;
        this.cookie = cookie;
        this.cookies = cookies;
        this.seen = seen;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            List<String> headers = Collections.list(http.getHeaders("Cookie"));
            if (!headers.isEmpty()) {
                http.setAttribute(RequestCaller.ATTRIBUTE, judge(cookies.sessionValues(headers), http, answer));
            }
        }
        chain.doFilter(request, response);
    }

    private RequestCaller judge(List<String> values, HttpServletRequest request, HttpServletResponse response) {
        SessionOutcome outcome = reader.read(values);
        if (!(outcome instanceof SessionOutcome.Absent)) {
            NoStore.on(response);
        }
        return switch (outcome) {
            case SessionOutcome.Valid valid -> {
                seen.count(Signals.Session.VALID);
                if (valid.sealedWithOldKey()) {
                    cookie.write(valid.session(), response);
                }
                yield known(valid.session(), valid.token(), request);
            }
            case SessionOutcome.NeedsRefresh needed -> renewed(refresher.renew(needed), request, response);
            case SessionOutcome.Expired ignored -> signedOut(Signals.Session.EXPIRED, "expired", response);
            case SessionOutcome.Tampered tampered -> signedOut(Signals.Session.TAMPERED, tampered.reason(), response);
            case SessionOutcome.Revoked ignored -> signedOut(Signals.Session.REVOKED, "revoked", response);
            case SessionOutcome.Absent ignored -> new RequestCaller.Known(new Caller.Anonymous());
            case SessionOutcome.CannotVerify cannot -> {
                seen.count(Signals.Session.CANNOT_VERIFY);
                LOG.warn("session.cannot-verify reason=\"{}\"", cannot.reason());
                yield new RequestCaller.CannotVerify();
            }
        };
    }

    private RequestCaller renewed(RenewalOutcome outcome, HttpServletRequest request, HttpServletResponse response) {
        return switch (outcome) {
            case RenewalOutcome.Renewed fresh -> {
                seen.count(Signals.Session.REFRESHED);
                cookie.write(fresh.session(), response);
                yield known(fresh.session(), fresh.token(), request);
            }
            case RenewalOutcome.Kept kept -> {
                seen.count(Signals.Session.KEPT);
                yield known(kept.session(), kept.token(), request);
            }
            case RenewalOutcome.Ended ended -> signedOut(Signals.Session.ENDED, ended.code(), response);
            case RenewalOutcome.Unavailable unavailable -> {
                seen.count(Signals.Session.CANNOT_VERIFY);
                LOG.warn("session.not-renewed reason=\"{}\"", unavailable.reason());
                yield new RequestCaller.CannotVerify();
            }
        };
    }

    private static RequestCaller known(SealedSession session, AccessToken token, HttpServletRequest request) {
        request.setAttribute(OpenSession.ATTRIBUTE, new OpenSession(session, token));
        return new RequestCaller.Known(SessionOutcome.callerOf(session, token));
    }

    private RequestCaller signedOut(Signals.Session outcome, String why, HttpServletResponse response) {
        seen.count(outcome);
        LOG.info("session.cleared reason={}", why);
        cookie.clear(response);
        return new RequestCaller.Known(new Caller.Anonymous());
    }
}
