package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.TableHash;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of other origins that use the visitor's cookies, and people who name what belongs to others. */
class CrossSiteTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static Visitor ada;
    private static Visitor ben;
    private static String token;

    @BeforeAll
    static void signIn() {
        ada = demo.visitor().signIn("ada@acme.test");
        ben = demo.visitor().signIn("ben@acme.test");
        token = ada.csrfToken();
    }

    static List<String> changingAddresses() {
        return List.of(
                "/api/auth/token",
                "/api/auth/token?force=true",
                "/api/auth/logout",
                "/api/auth/switch-organization",
                "/api/v1/sessions/" + ada.sessionId() + "/revoke",
                "/api/demo/rename",
                "/api/demo/drop-next-webhook");
    }

    static Stream<Arguments> forgeries() {
        String other = ben.csrfToken();
        List<String[]> headers = List.of(
                new String[] {},
                new String[] {"X-CSRF-Token", ""},
                new String[] {"X-CSRF-Token", "wrong"},
                new String[] {"X-CSRF-Token", token.substring(1)},
                new String[] {"X-CSRF-Token", other},
                new String[] {"X-CSRF-Token", token, "Origin", "https://evil.example"},
                new String[] {"X-CSRF-Token", token, "Origin", "null"},
                new String[] {"X-CSRF-Token", token, "Origin", demo.address() + ".evil.example"},
                new String[] {
                    "X-CSRF-Token", token, "Origin", demo.address().toString().replace("http:", "https:")
                },
                new String[] {"X-CSRF-Token", token, "Sec-Fetch-Site", "cross-site"},
                new String[] {"X-CSRF-Token", token, "Sec-Fetch-Site", "same-site"});
        return changingAddresses().stream().flatMap(path -> headers.stream().map(set -> Arguments.of(path, set)));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedRequestIsRefused(String path, String[] headers) {
        HttpResponse<String> answer = ada.post(path, "{\"firstName\":\"Mallory\",\"lastName\":\"M\"}", headers);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(Visitor.json(answer).get("code").asString()).isEqualTo("CSRF_FAILED");
    }

    @Test
    void forgedRequestsChangeNoTableAndTheSessionLives() {
        TableHash before = demo.settled();
        for (String path : changingAddresses()) {
            ada.post(path, "{\"firstName\":\"Mallory\",\"lastName\":\"M\"}");
        }
        assertThat(demo.settled()).isEqualTo(before);
        assertThat(ada.me().at("/user/firstName").asString()).isEqualTo("Ada");
    }

    @Test
    void aFormOfAnotherSiteCannotReachTheJsonAddresses() {
        HttpResponse<String> form = ada.send(
                "POST",
                "/api/demo/rename",
                BodyPublishers.ofString("{\"firstName\":\"Mallory\",\"lastName\":\"M\",\"x\":\"=\"}"),
                "Content-Type",
                "text/plain",
                "X-CSRF-Token",
                token);
        assertThat(form.statusCode()).isEqualTo(415);
    }

    @Test
    void withoutASessionTheSameAddressesSaySignInFirst() {
        for (String path : changingAddresses()) {
            if (!path.equals("/api/auth/logout")) {
                assertThat(demo.visitor()
                                .post(path, "{\"firstName\":\"M\",\"lastName\":\"M\"}")
                                .statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void somebodyElsesSessionDoesNotExistHereAndLives() {
        TableHash before = demo.settled();
        String bens = ben.sessionId();
        HttpResponse<String> others = ada.postAsPage("/api/v1/sessions/" + bens + "/revoke", "");
        HttpResponse<String> none = ada.postAsPage("/api/v1/sessions/session_01NOTHING/revoke", "");
        assertThat(others.statusCode()).isEqualTo(404);
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(Visitor.json(others).get("detail"))
                .isEqualTo(Visitor.json(none).get("detail"));
        assertThat(Visitor.json(others).get("code"))
                .isEqualTo(Visitor.json(none).get("code"));
        assertThat(ben.get("/api/auth/me").statusCode()).isEqualTo(200);
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void aPersonsOwnOtherSessionEndsAtOnce() {
        Visitor second = demo.visitor().signIn("ada@acme.test");
        assertThat(ada.postAsPage("/api/v1/sessions/" + second.sessionId() + "/revoke", "")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> after = second.get("/api/auth/me");
        assertThat(after.statusCode()).isEqualTo(401);
        assertThat(Visitor.clearsTheSession(after)).isTrue();
        assertThat(ada.get("/api/auth/me").statusCode()).isEqualTo(200);
    }

    @Test
    void askingToSignOutByALinkChangesNothing() {
        TableHash before = demo.settled();
        HttpResponse<String> page = ada.get("/api/auth/logout", "Accept", "text/html");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Sign out?", "method=\"post\"");
        assertThat(ada.get("/api/auth/me").statusCode()).isEqualTo(200);
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void noOtherOriginMayReadAnAnswer() {
        for (String origin : List.of("null", "https://evil.example", demo.address() + ".evil.example", "*")) {
            HttpResponse<String> answer = ada.get("/api/auth/me", "Origin", origin);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .isEmpty();
        }
    }

    @Test
    void aTokenOfTheSocketIsGivenToTheOwnPageOnly() {
        HttpResponse<String> given = ada.postAsPage("/api/auth/token", "");
        assertThat(given.statusCode()).isEqualTo(200);
        assertThat(given.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(Visitor.json(given).at("/data/accessToken").asString()).isNotBlank();
        assertThat(ada.get("/api/auth/token").statusCode()).isEqualTo(405);
    }
}
