package dev.lockstep.starter.web;

import dev.lockstep.session.login.CallbackRequest;
import dev.lockstep.session.login.LoginFault;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LoginOutcome;
import dev.lockstep.session.login.LoginRequest;
import dev.lockstep.session.login.LoginStart;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.LogLine;
import dev.lockstep.starter.Signals;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The way out to WorkOS and the way back. A browser that navigates here always ends on a page, never on bare JSON. */
@Controller
final class LoginController {
    private static final Logger LOG = LoggerFactory.getLogger(LoginController.class);

    private static final String AGAIN = "/api/auth/login";

    private final LoginFlow flow;
    private final SessionStart start;
    private final LoginLoop loop;
    private final ClientAddress addresses;
    private final SignInListener listener;
    private final Signals signals;
    private final LockstepProperties properties;
    private final InstantSource clock;

    /** What a browser goes through on its way. */
    record Way(LoginFlow flow, SessionStart start, LoginLoop loop) {}

    LoginController(
            Way way,
            ClientAddress addresses,
            SignInListener listener,
            Signals signals,
            LockstepProperties properties,
            InstantSource clock) {
        this.listener = listener;
        this.addresses = addresses;
        this.flow = way.flow();
        this.start = way.start();
        this.loop = way.loop();
        this.signals = signals;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/api/auth/login")
    void login(HttpServletRequest request, HttpServletResponse response) {
        begin(wish(request), request, response);
    }

    @GetMapping("/api/auth/register")
    void register(HttpServletRequest request, HttpServletResponse response) {
        begin(wish(request).withScreenHint(LoginRequest.ScreenHint.SIGN_UP), request, response);
    }

    private LoginRequest wish(HttpServletRequest request) {
        return LoginWish.of(
                request,
                properties.auth().defaultReturnTo(),
                properties.workos().otherRedirectUris().stream()
                        .map(URI::toString)
                        .toList());
    }

    @GetMapping({"/api/auth/callback", "/callback"})
    void callback(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isPrefetch(request)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        NoStore.on(response);
        Instant startedAt = clock.instant();
        LoginOutcome outcome = flow.complete(new CallbackRequest(
                parameters(request), cookieHeaders(request), addresses.of(request), request.getHeader("User-Agent")));
        switch (outcome) {
            case LoginOutcome.SignedIn signedIn -> signedIn(signedIn, startedAt, request, response);
            case LoginOutcome.RestartLogin restart -> {
                signals.signIns().count(Signals.SignIn.RESTARTED);
                restart.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
                loop.arrived(request, response);
                begin(LoginRequest.to(restart.returnPath()), request, response);
            }
            case LoginOutcome.Refused refused -> refused(refused, request, response);
            case LoginOutcome.Unavailable unavailable -> {
                signals.signIns().count(Signals.SignIn.UNAVAILABLE);
                LogLine.of("auth.callback.unavailable")
                        .with("reason", unavailable.reason())
                        .with("ref", Ref.of(request))
                        .write(LOG, Level.WARN);
                if (acceptsJson(request)) {
                    throw new Refusal(Problem.cannotVerify());
                }
                response.setHeader(
                        "Retry-After", Long.toString(unavailable.retryAfter().toSeconds()));
                PlainPage.write(
                        response,
                        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                        "Signing in takes longer than usual",
                        "WorkOS does not answer right now. Your sign-in is kept for a few minutes: load this page again"
                                + " in a moment. Reference " + Ref.of(request) + ".");
            }
        }
    }

    private void signedIn(
            LoginOutcome.SignedIn outcome,
            Instant startedAt,
            HttpServletRequest request,
            HttpServletResponse response) {
        outcome.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        Runnable comesIn = () -> listener.comesIn(outcome.result(), outcome.token(), outcome.appState());
        SessionStart.Outcome end =
                start.start(outcome.result(), outcome.token(), startedAt, comesIn, request, response);
        signals.signIns().count(end == SessionStart.Outcome.STARTED ? Signals.SignIn.SUCCEEDED : Signals.SignIn.DENIED);
        switch (end) {
            case STARTED -> {
                signals.methods().count(Signals.Method.of(outcome.result().authenticationMethod()));
                loop.arrived(request, response);
                welcome(outcome, request, response);
            }
            case ACCOUNT_DISABLED -> denied("account_disabled", outcome, request, response);
            case TOKEN_REFUSED -> denied(LoginFault.TOKEN_REFUSED.code(), outcome, request, response);
            case LISTENER_FAILED -> denied("sign_in_listener_failed", outcome, request, response);
            case NOT_KEPT -> denied("session_not_stored", outcome, request, response);
        }
    }

    private void denied(
            String code, LoginOutcome.SignedIn outcome, HttpServletRequest request, HttpServletResponse response) {
        line("auth.login.denied", outcome)
                .with("reason", code)
                .with("ref", Ref.of(request))
                .write(LOG, Level.INFO);
        toLoginPage(code, request, response);
    }

    private static LogLine line(String event, LoginOutcome.SignedIn outcome) {
        AccessToken token = outcome.token();
        return LogLine.of(event)
                .with("user", token.user())
                .with("session", token.session())
                .with("organization", token.organizationId())
                .with("method", outcome.result().authenticationMethod())
                .with("operator", token.impersonator() == null ? null : true);
    }

    private void welcome(LoginOutcome.SignedIn outcome, HttpServletRequest request, HttpServletResponse response) {
        line("auth.login.succeeded", outcome).with("ref", Ref.of(request)).write(LOG, Level.INFO);
        response.setStatus(HttpServletResponse.SC_FOUND);
        Object origin = outcome.origin() == null ? properties.origin() : outcome.origin();
        response.setHeader("Location", origin + outcome.returnPath());
    }

    private void refused(LoginOutcome.Refused refused, HttpServletRequest request, HttpServletResponse response) {
        refused.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        boolean again =
                refused.fault() == LoginFault.STATE_REPLAYED || refused.fault() == LoginFault.PKCE_COOKIE_MISSING;
        if (again && OpenSession.of(request).isPresent()) {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader(
                    "Location", properties.origin() + properties.auth().defaultReturnTo());
            return;
        }
        signals.signIns().count(Signals.SignIn.REFUSED);
        LogLine.of("auth.callback.failed")
                .with("reason", refused.fault().code())
                .with("upstream", refused.providerCode())
                .with("ref", Ref.of(request))
                .write(LOG, Level.INFO);
        try {
            listener.refused(refused.fault(), Ref.of(request));
        } catch (RuntimeException broken) {
            LOG.error("a sign-in listener failed on a refusal; the refusal stands", broken);
        }
        toLoginPage(refused.fault().code(), request, response);
    }

    /** People end on the page that explains; a program gets a problem with the same code. */
    private void toLoginPage(String code, HttpServletRequest request, HttpServletResponse response) {
        NoStore.on(response);
        if (acceptsJson(request)) {
            throw new Refusal(new Problem(status(code), code, "Nobody was signed in. Begin the sign-in again.", AGAIN));
        }
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(
                "Location",
                properties.origin() + properties.auth().loginPath() + "?error="
                        + URLEncoder.encode(code, StandardCharsets.UTF_8) + "&ref=" + Ref.of(request));
    }

    private static HttpStatus status(String code) {
        return switch (code) {
            case "account_disabled" -> HttpStatus.FORBIDDEN;
            case "session_not_stored" -> HttpStatus.SERVICE_UNAVAILABLE;
            default -> HttpStatus.BAD_REQUEST;
        };
    }

    static boolean acceptsJson(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("application/json") && !accept.contains("text/html");
    }

    private void begin(LoginRequest wish, HttpServletRequest request, HttpServletResponse response) {
        NoStore.on(response);
        if (isPrefetch(request)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (loop.isOn(request)) {
            signals.signIns().count(Signals.SignIn.REFUSED);
            LogLine.of("auth.login.loop").with("ref", Ref.of(request)).write(LOG, Level.WARN);
            loop.forget(request, response);
            toLoginPage("login_loop", request, response);
            return;
        }
        LoginStart out = flow.begin(wish, cookieHeaders(request));
        out.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", out.authorizeUrl());
    }

    private static boolean isPrefetch(HttpServletRequest request) {
        String purpose = request.getHeader("Sec-Purpose");
        return "HEAD".equals(request.getMethod()) || (purpose != null && purpose.contains("prefetch"));
    }

    private static Map<String, List<String>> parameters(HttpServletRequest request) {
        return request.getParameterMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Arrays.asList(entry.getValue())));
    }

    private static List<String> cookieHeaders(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Cookie"));
    }
}
