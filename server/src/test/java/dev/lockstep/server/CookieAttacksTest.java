package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.starter.Signals.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cookie and token section of the catalogue, against the whole server: status, code, meter, no call, no row. */
class CookieAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String ME = "/api/auth/me";

    private final Visitor stranger = demo.visitor();
    private Visitor ada;
    private SealedSession genuine;

    @BeforeEach
    void signIn() {
        ada = demo.visitor().signIn("ada@acme.test");
        genuine = opened(ada.cookies.get(Visitor.SESSION));
    }

    private static SessionSealer sealer() {
        return demo.demo().application().getBean(SessionSealer.class);
    }

    private static SealedSession opened(String cookie) {
        return ((OpenOutcome.Opened) sealer().open(cookie)).session();
    }

    /** A cookie under the server's own password: what a thief of the password could make. */
    private static String sealed(String accessToken, UserJson user) {
        var session = new SealedSession(accessToken, "refresh_token_of_a_thief", user, null, null, null);
        return ((SealOutcome.Sealed) sealer().seal(session)).value();
    }

    private void isNobody(String... cookieHeaders) {
        HttpResponse<String> answer = stranger.withCookies(ME, cookieHeaders);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Visitor.json(answer).get("code").asString()).isEqualTo("INVALID_SESSION");
        assertThat(Visitor.clearsTheSession(answer)).isTrue();
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    }

    private static String cookie(String value) {
        return Visitor.SESSION + "=" + value;
    }

    @Test
    @DisplayName("C01 C02 a changed character in each segment, and every other suffix")
    void changedSeals() {
        String value = ada.cookies.get(Visitor.SESSION);
        String[] parts = value.substring(0, value.length() - 2).split("\\*", -1);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> {
                    for (int i = 0; i < parts.length; i++) {
                        String[] changed = parts.clone();
                        String part = parts[i];
                        changed[i] = part.isEmpty() ? "1" : (part.charAt(0) == 'A' ? "B" : "A") + part.substring(1);
                        isNobody(cookie(String.join("*", changed) + "~2"));
                    }
                    for (String suffix : List.of("~1", "~3", "~2abc", "~2~x", "")) {
                        isNobody(cookie(String.join("*", parts) + suffix));
                    }
                })
                .counted(Session.TAMPERED, parts.length + 5L)
                .nothingChanged();
    }

    @Test
    @DisplayName("C08 two cookies of the same name, in one header and in two")
    void cookieTossing() {
        String value = ada.cookies.get(Visitor.SESSION);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> {
                    isNobody(cookie("planted") + "; " + cookie(value));
                    isNobody(cookie(value) + "; " + cookie(value));
                    isNobody(cookie(value), cookie("planted"));
                })
                .counted(Session.TAMPERED, 3)
                .nothingChanged();
    }

    @Test
    @DisplayName("C10 C11 C12 C18 forged tokens in a genuine seal, and nobody is asked for their keys")
    void forgedTokens() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        elsewhere.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        elsewhere.start();
        try {
            URI address =
                    URI.create("http://127.0.0.1:" + elsewhere.getAddress().getPort());
            var forged = ForgedTokens.of(genuine.accessToken(), demo.demo().workOs(), address);
            Aftermath.of(demo)
                    .ofWhatNeverReachesWorkOs(() ->
                            forged.forEach((name, token) -> isNobody(cookie(sealed(token, genuine.user())))))
                    .counted(Session.TAMPERED, forged.size())
                    .nothingChanged();
            assertThat(asked).as("requests to the forger's keys").hasValue(0);
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    @DisplayName("C17 a genuine token beside the user of somebody else")
    void foreignUser() {
        UserJson ben = opened(demo.visitor().signIn("ben@acme.test").cookies.get(Visitor.SESSION))
                .user();
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isNobody(cookie(sealed(genuine.accessToken(), ben))))
                .counted(Session.TAMPERED, 1)
                .nothingChanged();
    }

    @Test
    @DisplayName("L13 the seal of a login attempt as a session")
    void attemptAsSession() {
        Visitor begins = demo.visitor();
        begins.begin("/dashboard");
        String attempt = begins.cookies.values().iterator().next();
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isNobody(cookie(attempt)))
                .counted(Session.TAMPERED, 1)
                .nothingChanged();
    }

    @Test
    @DisplayName("C22 a session that was ended is refused at once, although its token still holds")
    void endedSession() {
        String copy = ada.cookies.get(Visitor.SESSION);
        assertThat(ada.postAsPage("/api/auth/logout", "").statusCode()).isEqualTo(303);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isNobody(cookie(copy)))
                .counted(Session.REVOKED, 1)
                .nothingChanged();
    }

    @Test
    @DisplayName("C23 C29 signing out and tokens for pages: not by a link, not from another site")
    void crossSite() {
        Aftermath aftermath = Aftermath.of(demo);
        assertThat(ada.get("/api/auth/logout").statusCode()).isEqualTo(200);
        assertThat(ada.get("/api/auth/token").statusCode()).isEqualTo(405);
        String token = ada.csrfToken();
        for (String path : List.of("/api/auth/logout", "/api/auth/token", "/api/auth/token?force=true")) {
            for (String[] headers : List.of(
                    new String[] {},
                    new String[] {"X-CSRF-Token", token + "x"},
                    new String[] {"Origin", "https://evil.example"},
                    new String[] {"Sec-Fetch-Site", "cross-site"})) {
                HttpResponse<String> answer = ada.post(path, "", headers);
                assertThat(answer.statusCode()).as(path).isEqualTo(403);
                assertThat(Visitor.json(answer).get("code").asString()).isEqualTo("CSRF_FAILED");
                assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                        .contains("no-store");
            }
        }
        assertThat(ada.get(ME).statusCode()).as("the session lives").isEqualTo(200);
        aftermath.nothingChanged();
    }

    @Test
    @DisplayName("C23 a sign-out form on another site, which browsers send without the cookie, takes no cookie away")
    void crossSiteSignOutWithoutTheCookie() {
        Aftermath aftermath = Aftermath.of(demo);
        HttpResponse<String> answer =
                stranger.post("/api/auth/logout", "", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(answer)).isEqualTo(demo.address() + "/signed-out");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        aftermath.nothingChanged();
    }

    @Test
    @DisplayName("C26 headers that claim to be somebody")
    void spoofedHeaders() {
        String value = ada.cookies.get(Visitor.SESSION);
        String user = genuine.user().id().value();
        Aftermath aftermath = Aftermath.of(demo);
        for (String name : List.of(
                "x-workos-session", "x-workos-middleware", "x-user-id", "x-org-id", "x-middleware-subrequest")) {
            for (String claim : List.of(value, user, "true")) {
                assertThat(stranger.get(ME, name, claim).statusCode()).isEqualTo(401);
            }
        }
        aftermath.counted(Session.VALID, 0).nothingChanged();
    }
}
