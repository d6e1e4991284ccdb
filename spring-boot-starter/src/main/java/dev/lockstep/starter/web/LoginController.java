package dev.lockstep.starter.web;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.login.CallbackRequest;
import dev.lockstep.session.login.LoginFault;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LoginOutcome;
import dev.lockstep.session.login.LoginRequest;
import dev.lockstep.session.login.LoginStart;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.SignInRows;
import dev.lockstep.starter.Signals;
import dev.lockstep.starter.Tally;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The way out to WorkOS and the way back. A browser that navigates here always ends on a page, never on bare JSON. */
@Controller
final class LoginController {
    private static final Logger LOG = LoggerFactory.getLogger(LoginController.class);

    private final LoginFlow flow;
    private final SessionCookieWriter cookie;
    private final SignInRows rows;
    private final Tally<Signals.SignIn> ended;
    private final LockstepProperties properties;
    private final InstantSource clock;

    LoginController(
            LoginFlow flow,
            SessionCookieWriter cookie,
            SignInRows rows,
            Tally<Signals.SignIn> ended,
            LockstepProperties properties,
            InstantSource clock) {
        this.flow = flow;
        this.cookie = cookie;
        this.rows = rows;
        this.ended = ended;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/api/auth/login")
    void login(
            @RequestParam(required = false) @Nullable String returnTo,
            @RequestParam(required = false) @Nullable String loginHint,
            @RequestParam(required = false) @Nullable String organizationId,
            @RequestParam(required = false) @Nullable String invitationToken,
            @RequestParam(required = false) @Nullable String screenHint,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        LoginRequest wish = wish(returnTo)
                .withLoginHint(loginHint)
                .withInvitation(invitationToken)
                .withScreenHint("sign-up".equals(screenHint) ? LoginRequest.ScreenHint.SIGN_UP : null)
                .withOrganization(organization(organizationId));
        begin(wish, request, response);
    }

    @GetMapping("/api/auth/register")
    void register(
            @RequestParam(required = false) @Nullable String returnTo,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        begin(wish(returnTo).withScreenHint(LoginRequest.ScreenHint.SIGN_UP), request, response);
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
                parameters(request), cookieHeaders(request), request.getRemoteAddr(), request.getHeader("User-Agent")));
        switch (outcome) {
            case LoginOutcome.SignedIn signedIn -> signedIn(signedIn, startedAt, request, response);
            case LoginOutcome.RestartLogin restart -> {
                ended.count(Signals.SignIn.RESTARTED);
                restart.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
                begin(wish(restart.returnPath()), request, response);
            }
            case LoginOutcome.Refused refused -> refused(refused, request, response);
            case LoginOutcome.Unavailable unavailable -> {
                ended.count(Signals.SignIn.UNAVAILABLE);
                LOG.warn("auth.callback.unavailable ref={} reason=\"{}\"", Ref.of(request), unavailable.reason());
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

    /** Rows first, cookies last: whoever has a session has a row, unless the database is away. */
    private void signedIn(
            LoginOutcome.SignedIn outcome, Instant startedAt, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        outcome.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        if (!rows.ensure(outcome.result(), outcome.token(), startedAt)) {
            ended.count(Signals.SignIn.DENIED);
            LOG.info("auth.login.denied reason=account_disabled ref={}", Ref.of(request));
            toLoginPage("account_disabled", request, response);
            return;
        }
        if (!cookie.write(outcome.result().toSession(), response)) {
            ended.count(Signals.SignIn.DENIED);
            toLoginPage("session_too_large", request, response);
            return;
        }
        ended.count(Signals.SignIn.SUCCEEDED);
        LOG.info("auth.login.succeeded user={}", outcome.token().user());
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", properties.origin() + outcome.returnPath());
    }

    private void refused(LoginOutcome.Refused refused, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        refused.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        boolean again =
                refused.fault() == LoginFault.STATE_REPLAYED || refused.fault() == LoginFault.PKCE_COOKIE_MISSING;
        if (again && OpenSession.of(request).isPresent()) {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader(
                    "Location", properties.origin() + properties.auth().defaultReturnTo());
            return;
        }
        ended.count(Signals.SignIn.REFUSED);
        LOG.info(
                "auth.callback.failed reason={} upstream={} ref={}",
                refused.fault().code(),
                refused.providerCode(),
                Ref.of(request));
        toLoginPage(refused.fault().code(), request, response);
    }

    private void toLoginPage(String code, HttpServletRequest request, HttpServletResponse response) {
        NoStore.on(response);
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(
                "Location",
                properties.origin() + properties.auth().loginPath() + "?error="
                        + URLEncoder.encode(code, StandardCharsets.UTF_8) + "&ref=" + Ref.of(request));
    }

    private void begin(LoginRequest wish, HttpServletRequest request, HttpServletResponse response) throws IOException {
        NoStore.on(response);
        if (isPrefetch(request)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        LoginStart start = flow.begin(wish, cookieHeaders(request));
        start.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", start.authorizeUrl());
    }

    private LoginRequest wish(@Nullable String returnTo) {
        return LoginRequest.to(
                returnTo == null || returnTo.isBlank() ? properties.auth().defaultReturnTo() : returnTo);
    }

    private static @Nullable OrganizationId organization(@Nullable String id) {
        return id == null || id.isBlank() || id.length() > 255 ? null : new OrganizationId(id);
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
