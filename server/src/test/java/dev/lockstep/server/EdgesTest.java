package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens at the edges of a sign-in: other names, round trips, planted cookies, headers without end, caches. */
class EdgesTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final Pattern NONCE = Pattern.compile("'nonce-([A-Za-z0-9+/]{22})'");

    @ParameterizedTest
    @ValueSource(strings = {"evil.test", "localhost.evil.test", "127.0.0.1.evil.test"})
    void aHostThatIsNotOursIsMisdirected(String host) throws IOException {
        assertThat(statusFor("/api/auth/login", host)).isEqualTo(421);
        assertThat(statusFor("/", host)).isEqualTo(421);
        assertThat(statusFor("/health", host)).isEqualTo(200);
    }

    @Test
    void everyPageHasANonceOfItsOwnThatAllItsScriptsCarry() {
        Set<String> seen = new HashSet<>();
        for (String path : new String[] {"/", "/login", "/register", "/dashboard", "/signed-out", "/index.html"}) {
            HttpResponse<String> page = demo.visitor().get(path, "Accept", "text/html");
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
            Matcher nonce = NONCE.matcher(policy);
            assertThat(nonce.find()).as(policy).isTrue();
            assertThat(policy).doesNotContain("unsafe-inline", "unsafe-eval", "*");
            assertThat(seen.add(nonce.group(1))).isTrue();
            assertThat(page.body()).doesNotContain("LOCKSTEP-NONCE");
            Matcher scripts = Pattern.compile("<script[^>]*>").matcher(page.body());
            int found = 0;
            while (scripts.find()) {
                found++;
                assertThat(scripts.group()).contains("nonce=\"" + nonce.group(1) + "\"");
            }
            assertThat(found).isPositive();
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(policy).contains("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(page.headers().firstValue("Referrer-Policy")).contains("strict-origin-when-cross-origin");
        }
    }

    @Test
    void aBrowserThatComesBackAgainAndAgainIsToldSoInsteadOfBeingSentOutOnceMore() {
        Visitor ada = demo.visitor();
        for (int round = 0; round < 3; round++) {
            ada.signIn("ada@acme.test");
            ada.cookies.remove(Visitor.SESSION);
        }
        HttpResponse<String> fourth = ada.get("/api/auth/login");
        assertThat(fourth.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(fourth)).contains("/login?error=login_loop");
        assertThat(ada.get("/api/auth/login").statusCode()).isEqualTo(302);
    }

    @Test
    void aPlantedSecondCookieEndsInNobodyAndIsTakenAway() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        String planted = demo.visitor().signIn("ben@acme.test").cookieHeader();
        HttpResponse<String> tossed = ada.withCookies("/api/auth/me", ada.cookieHeader() + "; " + planted);
        assertThat(tossed.statusCode()).isEqualTo(401);
        assertThat(Visitor.clearsTheSession(tossed)).isTrue();
        assertThat(ada.withCookies("/api/auth/me", ada.cookieHeader(), planted).statusCode())
                .isEqualTo(401);
    }

    @Test
    void headersWithoutEndAreRefusedAndOnesThatManyTabsMakeAreNot() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        String own = ada.cookieHeader();
        assertThat(ada.withCookies("/api/auth/me", own + "; junk=" + "x".repeat(16_000))
                        .statusCode())
                .isEqualTo(200);
        assertThat(ada.withCookies("/api/auth/me", own + "; junk=" + "x".repeat(64_000))
                        .statusCode())
                .isEqualTo(431);
    }

    @Test
    void everythingSignedInIsKeptOutOfCaches() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        for (String path : new String[] {
            "/api/auth/me", "/api/auth/recent-auth?maxAge=300", "/api/v1/sessions", "/api/nothing-here", "/dashboard"
        }) {
            HttpResponse<String> answer = ada.get(path);
            assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                    .as(path)
                    .contains("no-store");
            assertThat(answer.headers().allValues("Vary")).as(path).contains("Cookie");
        }
        HttpResponse<String> key = demo.visitor().get("/api/auth/me", "Authorization", "Bearer sk_nobody");
        assertThat(key.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(key.headers().allValues("Vary")).contains("Authorization");
    }

    @Test
    void aPreflightOfAnOriginThatWasNotNamedGetsNothing() {
        HttpResponse<String> answer = preflight("https://evil.test");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/auth/me", "/api/auth/config", "/health", "/nothing", "/api/nothing"})
    void everyAnswerCarriesTheHeadersThatKeepAPageSafe(String path) {
        for (Visitor visitor : List.of(demo.visitor(), demo.visitor().signIn("ada@acme.test"))) {
            var headers = visitor.get(path).headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
            assertThat(headers.firstValue("Referrer-Policy")).contains("strict-origin-when-cross-origin");
            assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'self'", "frame-ancestors 'none'");
            assertThat(headers.firstValue("Server")).isEmpty();
            assertThat(headers.firstValue("X-Powered-By")).isEmpty();
        }
    }

    @Test
    void anOriginThatASettingNamesByAPatternMayReadAndNoOtherMay() {
        for (String origin : List.of("https://acme.tenants.test", "https://globex.tenants.test")) {
            HttpResponse<String> preflight = preflight(origin);
            assertThat(preflight.statusCode()).isEqualTo(200);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(origin);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials"))
                    .contains("true");
            assertThat(demo.visitor()
                            .get("/api/auth/config", "Origin", origin)
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .contains(origin);
        }
        for (String origin : List.of(
                "https://tenants.test",
                "https://a.b.tenants.test",
                "http://acme.tenants.test",
                "https://acme.tenants.test.evil.test")) {
            assertThat(preflight(origin).headers().firstValue("Access-Control-Allow-Origin"))
                    .as(origin)
                    .isEmpty();
        }
    }

    private static HttpResponse<String> preflight(String origin) {
        return demo.visitor()
                .send(
                        "OPTIONS",
                        "/api/auth/token",
                        BodyPublishers.noBody(),
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST");
    }

    /** The JDK's client sends the Host that it connects to, so this one is written by hand. */
    private static int statusFor(String path, String host) throws IOException {
        try (var socket = new Socket("127.0.0.1", demo.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return Integer.parseInt(String.valueOf(answer.readLine()).split(" ", 3)[1]);
        }
    }
}
