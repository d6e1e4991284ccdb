package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.TableHash;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies that nobody was given, and headers that claim to be somebody. */
class SessionAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String ME = "/api/auth/me";
    private static String cookie;

    private final Visitor stranger = demo.visitor();

    @BeforeAll
    static void signIn() {
        cookie = demo.visitor().signIn("ada@acme.test").cookies.get(Visitor.SESSION);
    }

    private static String session(String value) {
        return Visitor.SESSION + "=" + value;
    }

    private void isSignedOutAndCleared(String... cookieHeaders) {
        HttpResponse<String> answer = stranger.withCookies(ME, cookieHeaders);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Visitor.json(answer).get("code").asString()).isEqualTo("INVALID_SESSION");
        assertThat(Visitor.clearsTheSession(answer))
                .as("the cookie is taken away")
                .isTrue();
    }

    @Test
    void theGenuineCookieIsAccepted() {
        assertThat(stranger.withCookies(ME, session(cookie)).statusCode()).isEqualTo(200);
    }

    @Test
    void aChangedCharacterAnywhereSignsOutAndClears() {
        TableHash before = demo.settled();
        int step = Math.max(1, cookie.length() / 120);
        for (int i = 0; i < cookie.length(); i += step) {
            char changed = cookie.charAt(i) == 'A' ? 'B' : 'A';
            isSignedOutAndCleared(session(cookie.substring(0, i) + changed + cookie.substring(i + 1)));
        }
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void everySegmentAndTheSuffixAreGuarded() {
        String[] parts = cookie.split("[*~]");
        for (String part : parts) {
            if (!part.isEmpty()) {
                isSignedOutAndCleared(session(cookie.replaceFirst(java.util.regex.Pattern.quote(part), "")));
            }
        }
        for (String suffix : List.of("~1", "~3", "~2abc", "~2~x", "", "~", "~02")) {
            isSignedOutAndCleared(session(cookie.substring(0, cookie.lastIndexOf('~')) + suffix));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "null",
                "undefined",
                "Fe26.2**",
                "Fe26.2*1*00*00*00**00*00~2",
                "Fe26.2*1*********~2",
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyX2FkYSJ9.",
                "%00",
                "%",
                "%E3%80%82",
                "{}",
                "' OR 1=1 --",
                "../../etc/passwd"
            })
    void somethingThatWasNeverACookieOfOursSignsOutAndClears(String value) {
        isSignedOutAndCleared(session(value));
    }

    @Test
    void aCookieFarTooLargeSignsOutAndOneBeyondTheHeaderLimitIsRefused() {
        isSignedOutAndCleared(session(cookie + "A".repeat(10_000)));
        isSignedOutAndCleared(session("A".repeat(20_000)));
        assertThat(stranger.withCookies(ME, session("A".repeat(64_000))).statusCode())
                .isIn(400, 431);
    }

    @Test
    void twoSessionCookiesInOneRequestCountAsNone() {
        isSignedOutAndCleared(session(cookie) + "; " + session(cookie));
        isSignedOutAndCleared(session("planted") + "; " + session(cookie));
        isSignedOutAndCleared(session(cookie), session("planted"));
    }

    @Test
    void theCookieOfALoginAttemptIsNoSession() {
        Visitor visitor = demo.visitor();
        visitor.begin("/dashboard");
        assertThat(visitor.cookies).isNotEmpty();
        for (String value : visitor.cookies.values()) {
            isSignedOutAndCleared(session(value));
        }
    }

    @Test
    void headersThatClaimToBeSomebodyAreIgnored() {
        String ada = Visitor.json(stranger.withCookies(ME, session(cookie)))
                .at("/data/user/id")
                .asString();
        for (String name : List.of(
                "x-user-id",
                "x-workos-user-id",
                "x-workos-session",
                "x-org-id",
                "x-middleware-subrequest",
                "x-forwarded-user",
                "x-remote-user",
                "x-authkit-session")) {
            assertThat(demo.visitor().get(ME, name, ada).statusCode()).as(name).isEqualTo(401);
        }
        assertThat(demo.visitor().get(ME, "Authorization", "Bearer " + ada).statusCode())
                .isEqualTo(401);
        assertThat(demo.visitor().get(ME, "Authorization", "Basic YWRhOmFkYQ==").statusCode())
                .isEqualTo(401);
    }

    @Test
    void aSignedInAnswerIsNeverKeptByACache() {
        Visitor ben = demo.visitor().signIn("ben@acme.test");
        Map<String, HttpResponse<String>> answers = Map.of(
                "me", ben.get(ME),
                "token", ben.postAsPage("/api/auth/token", ""),
                "forced token", ben.postAsPage("/api/auth/token?force=true", ""),
                "somebody else's session", ben.postAsPage("/api/v1/sessions/session_other/revoke", ""),
                "question before signing out", ben.get("/api/auth/logout"),
                "refusal", ben.post("/api/auth/token", ""),
                "forgery", stranger.withCookies(ME, session("forged")),
                "sign-in", demo.visitor().signIn("ben@acme.test", "/dashboard"),
                "sign-out", ben.postAsPage("/api/auth/logout", ""));
        answers.forEach((name, answer) -> {
            assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                    .as(name)
                    .contains("no-store");
            assertThat(String.join(",", answer.headers().allValues("Vary")))
                    .as(name)
                    .contains("Cookie");
        });
    }

    @Test
    void aPlantedSessionIsReplacedAtSignInAndIsNotTheNewOne() {
        Visitor victim = demo.visitor();
        victim.cookies.put(Visitor.SESSION, cookie);
        String planted = victim.sessionId();
        victim.signIn("ben@acme.test");
        assertThat(victim.sessionId()).isNotEqualTo(planted);
        assertThat(victim.me().at("/user/email").asString()).isEqualTo("ben@acme.test");
    }

    @Test
    void unknownAddressesAreProblemsWithCodeAndReference() {
        Visitor cleo = demo.visitor().signIn("cleo@globex.test");
        for (String path : List.of(
                "/api/nothing",
                "/api/auth/nothing",
                "/nothing",
                "/dashboard/../nothing.html",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/prometheus",
                "/h2-console",
                "/.env",
                "/api/auth/me/extra")) {
            for (Visitor visitor : List.of(stranger, cleo)) {
                HttpResponse<String> answer = visitor.get(path, "Accept", "application/json");
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .as(path)
                        .startsWith("application/problem+json");
                assertThat(Visitor.json(answer).get("code").asString()).as(path).isEqualTo("NOT_FOUND");
                assertThat(Visitor.json(answer).get("ref").asString()).as(path).isNotBlank();
                assertThat(Visitor.json(answer).get("success").asBoolean()).isFalse();
            }
        }
    }

    @Test
    void anUnknownAddressIsAPageForPeople() {
        HttpResponse<String> answer = stranger.get("/nothing", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(answer.body()).contains("There is nothing here");
    }

    @Test
    void pathTricksOpenNothing() {
        for (String path : List.of(
                "/api/auth/me;x=1",
                "//api/auth/me",
                "/api/auth//me",
                "/api/auth/%6de",
                "/api/auth/me/",
                "/API/AUTH/ME",
                "/api/%2e%2e/api/auth/me",
                "/api%2Fauth%2Fme",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/assets/%2e%2e/index.html",
                "/assets/..%2f..%2fapplication.yml",
                "/index.html%00")) {
            assertThat(stranger.get(path).statusCode()).as(path).isIn(400, 401, 404);
        }
    }

    @Test
    void unusualMethodsDoNothing() {
        TableHash before = demo.settled();
        List<Integer> statuses = new ArrayList<>();
        for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "OPTIONS")) {
            statuses.add(stranger.send(method, ME, BodyPublishers.noBody()).statusCode());
            assertThat(stranger.send(method, "/api/auth/logout", BodyPublishers.noBody())
                            .statusCode())
                    .as(method)
                    .isIn(200, 405, 501);
        }
        assertThat(statuses).allMatch(status -> status == 405 || status == 501 || status == 200);
        assertThat(stranger.post("/api/auth/me", "{}", "X-HTTP-Method-Override", "GET")
                        .statusCode())
                .isEqualTo(405);
        assertThat(demo.digest()).isEqualTo(before);
    }
}
