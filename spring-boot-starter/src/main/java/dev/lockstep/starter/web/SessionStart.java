package dev.lockstep.starter.web;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.login.Arrivals;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.SignInAudit;
import dev.lockstep.starter.SignInRows;
import dev.lockstep.workos.authentication.AuthenticationAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Turns what WorkOS answered into the session of a browser: proves the token, makes sure of the rows, writes the cookie
 * last. For applications that sign people in on pages of their own, with a password, an e-mailed code or any other call
 * of {@link dev.lockstep.workos.authentication.StepsApi}; the hosted page needs none of it. Safe for all threads.
 */
public final class SessionStart {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

    private final Arrivals arrivals;
    private final SignInRows rows;
    private final SessionCookieWriter cookie;
    private final EndedSessions ended;
    private final SignInAudit audit;

    SessionStart(
            Arrivals arrivals, SignInRows rows, SessionCookieWriter cookie, EndedSessions ended, SignInAudit audit) {
        this.audit = audit;
        this.ended = ended;
        this.arrivals = arrivals;
        this.rows = rows;
        this.cookie = cookie;
    }

    /** How a start ends. */
    public enum Outcome {
        /** The response carries the session. */
        STARTED,
        /** The token does not hold, or speaks for somebody else than the user beside it. */
        TOKEN_REFUSED,
        /** This user was deleted; nobody comes in under that id again. */
        ACCOUNT_DISABLED,
        /** The application's own listener threw; nobody was signed in. */
        LISTENER_FAILED,
        /** The session cannot be kept now. Nobody was signed out; try again. */
        NOT_KEPT
    }

    /**
     * Signs the person in.
     *
     * @param answer straight from WorkOS
     * @param askedAt read from the clock before WorkOS was asked
     * @param response not committed yet
     */
    public Outcome start(
            AuthenticationAnswer answer, Instant askedAt, HttpServletRequest request, HttpServletResponse response) {
        var user = UserJson.fromApi(answer.user().raw().toString());
        if (user.isEmpty()) {
            return Outcome.TOKEN_REFUSED;
        }
        var result = new AuthenticationResult(
                answer.accessToken(),
                answer.refreshToken(),
                user.get(),
                answer.organizationId(),
                answer.impersonator(),
                answer.authenticationMethod());
        return switch (arrivals.judge(result)) {
            case Arrivals.Welcome welcome -> start(result, welcome.token(), askedAt, () -> {}, request, response);
            case Arrivals.Unwelcome ignored -> Outcome.TOKEN_REFUSED;
        };
    }

    /** Signs in somebody whose token has been proved. Rows first: whoever has a session has a row. */
    Outcome start(
            AuthenticationResult result,
            AccessToken token,
            Instant askedAt,
            Runnable comesIn,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!rows.ensure(result, token, askedAt)) {
            return Outcome.ACCOUNT_DISABLED;
        }
        try {
            comesIn.run();
        } catch (RuntimeException broken) {
            LOG.error("a sign-in listener failed, so nobody was signed in", broken);
            return Outcome.LISTENER_FAILED;
        }
        SealedSession session = result.toSession();
        if (!cookie.begin(session, token, request, response)) {
            return Outcome.NOT_KEPT;
        }
        audit.cameIn(SessionOutcome.callerOf(session, token), result.authenticationMethod());
        OpenSession.of(request)
                .filter(old -> !old.token().session().equals(token.session()))
                .ifPresent(this::end);
        return Outcome.STARTED;
    }

    /** Whoever signs in leaves the session that was in this browser before, theirs or a planted one. */
    private void end(OpenSession old) {
        try {
            ended.end(
                    old.token().session(),
                    new EndedSessions.Ending(old.caller(), "session.replaced", Map.of(), Duration.ZERO));
        } catch (DataAccessException away) {
            LOG.warn("the session before goes on elsewhere: {}", away.getClass().getSimpleName());
        }
    }
}
