package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LogoutUrls;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.LogLine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.databind.json.JsonMapper;

/** Signing out: POST ends the session here and sends the browser to WorkOS to end it there; GET only asks. */
@Controller
final class LogoutController {
    private static final Logger LOG = LoggerFactory.getLogger(LogoutController.class);

    private static final Duration TIME_FOR_THE_BROWSER = Duration.ofSeconds(30);

    private final Sessions sessions;
    private final Attempts attempts;
    private final LogoutUrls urls;
    private final LockstepProperties properties;
    private final JsonMapper json;

    /** What is needed to find the session of a request and to end it. */
    record Sessions(
            SessionReader reader,
            SessionCookies cookies,
            SessionCookieWriter cookie,
            CsrfTokens csrf,
            EndedSessions ended) {}

    /** What a browser remembers of its sign-ins. */
    record Attempts(LoginFlow flow, LoginLoop loop) {}

    LogoutController(
            Sessions sessions, Attempts attempts, LogoutUrls urls, LockstepProperties properties, JsonMapper json) {
        this.sessions = sessions;
        this.attempts = attempts;
        this.urls = urls;
        this.properties = properties;
        this.json = json;
    }

    @GetMapping("/api/auth/logout")
    void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<SessionId> session = session(request);
        if (session.isEmpty()) {
            PlainPage.write(response, HttpServletResponse.SC_OK, "You are signed out", "Nobody is signed in here.");
            return;
        }
        PlainPage.writeForm(response, "Sign out?", "Sign out", sessions.csrf().tokenFor(session.get()));
    }

    @PostMapping("/api/auth/logout")
    void end(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<SessionId> session = session(request);
        String next = properties.origin() + properties.auth().postLogoutPath();
        if (session.isPresent()) {
            String header = request.getHeader(CsrfInterceptor.HEADER);
            String sent = header != null ? header : request.getParameter(CsrfInterceptor.FIELD);
            if (!sessions.csrf().isValid(session.get(), sent)) {
                throw new Refusal(Problem.csrf());
            }
            end(session.get(), request);
            next = urls.toEnd(session.get(), properties.auth().postLogoutPath());
            LogLine.of("auth.logout")
                    .with(
                            "user",
                            OpenSession.of(request)
                                    .map(open -> open.caller().user())
                                    .orElse(null))
                    .with("session", session.get())
                    .with("ref", Ref.of(request))
                    .write(LOG, Level.INFO);
        }
        // A form of another site comes without the cookie, and its answer must not take the cookie away.
        if (!sessions.cookies().sessionValues(cookieHeaders(request)).isEmpty()) {
            sessions.cookie().end(request, response);
        }
        NoStore.on(response);
        attempts.flow().dropPending(cookieHeaders(request)).forEach(value -> response.addHeader("Set-Cookie", value));
        attempts.loop().forget(request, response);
        if (LoginController.acceptsJson(request)) {
            response.setContentType("application/json");
            json.writeValue(response.getOutputStream(), AuthController.success(Map.of("logoutUrl", next)));
        } else {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", next);
        }
    }

    /** The browser ends the session at WorkOS itself; should it never get there, we do, a little later. */
    private void end(SessionId session, HttpServletRequest request) {
        Caller by = OpenSession.of(request).<Caller>map(OpenSession::caller).orElseGet(Caller.Anonymous::new);
        try {
            sessions.ended().end(session, new EndedSessions.Ending(by, "auth.logout", Map.of(), TIME_FOR_THE_BROWSER));
        } catch (DataAccessException away) {
            LOG.warn(
                    "SESSION_END_LATE the other nodes hear of a sign-out from WorkOS only ({})",
                    away.getClass().getSimpleName());
        }
    }

    private Optional<SessionId> session(HttpServletRequest request) {
        return sessions.reader().sessionToEnd(sessions.cookies().sessionValues(cookieHeaders(request)));
    }

    private static List<String> cookieHeaders(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Cookie"));
    }
}
