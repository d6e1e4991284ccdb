package dev.lockstep.starter.web;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Renews a request's session because somebody asked, and moves it into another organization. Nothing here signs anybody
 * out but WorkOS ending the session. Thread-safe.
 */
final class SessionMoves {
    /** What WorkOS says when an organization asks for more than this session has proved. */
    private static final Set<String> MORE_PROOF =
            Set.of("sso_required", "mfa_enrollment", "mfa_challenge", "mfa_verification");

    private final SessionRefresher refresher;
    private final SessionCookieWriter cookie;

    SessionMoves(SessionRefresher refresher, SessionCookieWriter cookie) {
        this.refresher = refresher;
        this.cookie = cookie;
    }

    /** How a move ends. */
    sealed interface Move {}

    /** The session is in the other organization, and so is the response's cookie. */
    record Moved(OpenSession session) implements Move {}

    /** The session goes on where it was. */
    record Stays(Problem problem) implements Move {}

    /** Returns the session with a fresh token, or as it was when WorkOS cannot be asked now. */
    OpenSession renewed(OpenSession open, HttpServletRequest request, HttpServletResponse response) {
        var valid = new SessionOutcome.Valid(open.session(), open.token(), false);
        return switch (refresher.renewNow(valid)) {
            case RenewalOutcome.Renewed fresh -> written(fresh, request, response);
            case RenewalOutcome.Kept kept -> new OpenSession(kept.session(), kept.token());
            case RenewalOutcome.Ended ignored -> throw ended(request, response);
            case RenewalOutcome.Unavailable ignored -> throw new Refusal(Problem.cannotVerify());
        };
    }

    Move to(OrganizationId wanted, OpenSession open, HttpServletRequest request, HttpServletResponse response) {
        return switch (refresher.switchTo(wanted, open.session(), open.token())) {
            case RenewalOutcome.Renewed fresh -> {
                OpenSession now = written(fresh, request, response);
                yield wanted.equals(now.token().organizationId()) ? new Moved(now) : new Stays(notSwitched());
            }
            case RenewalOutcome.Kept kept -> new Stays(problem(kept.refusal(), wanted));
            case RenewalOutcome.Ended ignored -> throw ended(request, response);
            case RenewalOutcome.Unavailable ignored -> throw new Refusal(Problem.cannotVerify());
        };
    }

    private OpenSession written(
            RenewalOutcome.Renewed fresh, HttpServletRequest request, HttpServletResponse response) {
        if (!cookie.renew(fresh.session(), fresh.token(), request, response)) {
            throw new Refusal(Problem.notKept());
        }
        OpenSession now = new OpenSession(fresh.session(), fresh.token());
        request.setAttribute(OpenSession.ATTRIBUTE, now);
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(now.caller()));
        return now;
    }

    private Refusal ended(HttpServletRequest request, HttpServletResponse response) {
        cookie.end(request, response);
        return new Refusal(Problem.unauthorized());
    }

    private static Problem problem(@Nullable String refusal, OrganizationId wanted) {
        if (refusal == null) {
            return Problem.cannotVerify();
        }
        if (MORE_PROOF.contains(refusal)) {
            String next = "/api/auth/login?organizationId=" + URLEncoder.encode(wanted.value(), StandardCharsets.UTF_8);
            return refusal.equals("sso_required") ? ssoRequired(next) : mfaRequired(next);
        }
        return notSwitched();
    }

    private static Problem ssoRequired(String next) {
        return new Problem(
                HttpStatus.CONFLICT,
                "SSO_REQUIRED",
                "This organization has a sign-in of its own. Sign in to it; the session here goes on.",
                next);
    }

    private static Problem mfaRequired(String next) {
        return new Problem(
                HttpStatus.CONFLICT,
                "MFA_REQUIRED",
                "This organization asks for a second factor. Sign in to it; the session here goes on.",
                next);
    }

    private static Problem notSwitched() {
        return new Problem(
                HttpStatus.CONFLICT,
                "ORGANIZATION_NOT_SWITCHED",
                "The session stays in its organization. Choose one that you are an active member of.");
    }
}
