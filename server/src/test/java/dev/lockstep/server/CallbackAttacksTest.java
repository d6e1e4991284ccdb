package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.TableHash;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways back from WorkOS that this browser did not set out on. None of them makes a session or spends a code. */
class CallbackAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String ADA = "ada@acme.test";

    private static int sessions() {
        return demo.demo().workOs().truth().sessions().size();
    }

    private static void isRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(answer)).startsWith(demo.address() + "/login?error=" + code + "&ref=");
        assertThat(answer.headers().allValues("Set-Cookie"))
                .noneMatch(value -> value.startsWith(Visitor.SESSION + "=") && !value.contains("Max-Age=0"));
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "'', missing_auth_params",
        "'?state=abc', missing_auth_params",
        "'?code=&state=', missing_auth_params",
        "'?code=abc&code=def&state=x', parameter_repeated",
        "'?code=abc&state=x&state=y', parameter_repeated",
        "'?code=abc&state=x', pkce_cookie_missing",
        "'?error=access_denied&error_description=<script>alert(1)</script>', access_denied",
        "'?error=server_error', provider_error",
        "'?error=%3Cscript%3E&error_description=x', provider_error",
        "'?error=access_denied%0d%0aSet-Cookie:%20x=y', provider_error"
    })
    void aWayBackThatMakesNoSenseEndsOnTheLoginPageWithItsReason(String query, String code) {
        TableHash before = demo.settled();
        int sessions = sessions();
        Visitor visitor = demo.visitor();
        HttpResponse<String> answer =
                visitor.get("/api/auth/callback" + query.replace("<", "%3C").replace(">", "%3E"));
        isRefused(answer, code);
        assertThat(Visitor.location(answer)).doesNotContain("script", "\r", "\n");
        assertThat(visitor.cookies).doesNotContainKey(Visitor.SESSION);
        assertThat(sessions()).isEqualTo(sessions);
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void aProgramThatComesBackWithoutASignInGetsAProblemAndPeopleGetAPage() {
        HttpResponse<String> program = demo.visitor().get("/api/auth/callback", "Accept", "application/json");
        assertThat(program.statusCode()).isEqualTo(400);
        assertThat(program.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Visitor.json(program).get("code").asString()).isEqualTo("missing_auth_params");
        assertThat(Visitor.json(program).get("success").asBoolean()).isFalse();
        assertThat(Visitor.json(program).get("ref").asString()).isNotBlank();
        assertThat(Visitor.json(program).get("signInUrl").asString()).isEqualTo("/api/auth/login");
        for (String accept : List.of("text/html,application/xhtml+xml", "text/html,application/json", "*/*")) {
            isRefused(demo.visitor().get("/api/auth/callback", "Accept", accept), "missing_auth_params");
        }
    }

    @Test
    void aCodeOfSomebodyElsesBrowserMakesNoSessionHereAndIsNotSpent() {
        Visitor attacker = demo.visitor();
        String back = attacker.approvedAt(attacker.begin("/dashboard"), ADA);
        Visitor victim = demo.visitor();
        isRefused(victim.get(back), "pkce_cookie_missing");
        victim.begin("/dashboard");
        isRefused(victim.get(back), "pkce_cookie_missing");
        assertThat(victim.cookies).doesNotContainKey(Visitor.SESSION);
        assertThat(attacker.get(back).statusCode()).isEqualTo(302);
        assertThat(attacker.me().at("/user/email").asString()).isEqualTo(ADA);
    }

    @Test
    void aCodePutIntoTheVictimsOwnAttemptIsRefused() {
        Visitor attacker = demo.visitor();
        String stolen = attacker.approvedAt(attacker.begin("/dashboard"), ADA);
        Visitor victim = demo.visitor();
        String own = victim.approvedAt(victim.begin("/dashboard"), "ben@acme.test");
        String code = stolen.replaceFirst(".*[?&]code=([^&]*).*", "$1");
        int sessions = sessions();
        isRefused(victim.get(own.replaceFirst("([?&]code=)[^&]*", "$1" + code)), "code_refused");
        assertThat(victim.cookies).doesNotContainKey(Visitor.SESSION);
        assertThat(sessions()).isEqualTo(sessions);
    }

    @Test
    void aStateThatDiffersByOneCharacterIsRefusedAndTheCodeIsNotSpent() {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), ADA);
        int at = back.indexOf("state=") + 30;
        char other = back.charAt(at) == 'a' ? 'b' : 'a';
        HttpResponse<String> answer = visitor.get(back.substring(0, at) + other + back.substring(at + 1));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(answer)).contains("/login?error=");
        assertThat(visitor.cookies).doesNotContainKey(Visitor.SESSION);
        assertThat(visitor.get(back).statusCode()).isEqualTo(302);
    }

    @Test
    void aReplayedCallbackMakesNoSecondSession() {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), ADA);
        Map<String, String> attempt = Map.copyOf(visitor.cookies);
        assertThat(visitor.get(back).statusCode()).isEqualTo(302);
        int sessions = sessions();
        HttpResponse<String> again = visitor.get(back);
        assertThat(again.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(again)).isEqualTo(demo.address() + "/dashboard");
        Visitor thief = demo.visitor();
        thief.cookies.putAll(attempt);
        isRefused(thief.get(back), "state_replayed");
        assertThat(sessions()).isEqualTo(sessions);
    }

    @Test
    void anAnswerOfAnotherIssuerIsRefused() {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), ADA);
        isRefused(visitor.get(back + "&iss=https%3A%2F%2Fevil.example"), "issuer_mismatch");
        assertThat(visitor.cookies).doesNotContainKey(Visitor.SESSION);
    }

    @Test
    void lookingAheadOrPostingDoesNotSpendTheCode() {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), ADA);
        assertThat(visitor.send("HEAD", back, BodyPublishers.noBody()).statusCode())
                .isEqualTo(204);
        assertThat(visitor.get(back, "Sec-Purpose", "prefetch").statusCode()).isEqualTo(204);
        assertThat(visitor.get(back, "Sec-Purpose", "prefetch;prerender").statusCode())
                .isEqualTo(204);
        assertThat(visitor.post(back, "{}").statusCode()).isEqualTo(405);
        assertThat(visitor.cookies).doesNotContainKey(Visitor.SESSION);
        assertThat(visitor.get(back).statusCode()).isEqualTo(302);
        assertThat(visitor.me().at("/user/email").asString()).isEqualTo(ADA);
    }

    @Test
    void theOlderAddressOfTheCallbackWorksToo() {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), ADA);
        assertThat(visitor.get(back.replace("/api/auth/callback", "/callback")).statusCode())
                .isEqualTo(302);
    }

    @Test
    void fiveTabsThatBeginAtOnceAllArrive() {
        Visitor visitor = demo.visitor();
        String[] urls = new String[5];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = visitor.begin("/dashboard?tab=" + i);
        }
        for (int i = 0; i < urls.length; i++) {
            HttpResponse<String> arrived = visitor.get(visitor.approvedAt(urls[i], ADA));
            assertThat(Visitor.location(arrived)).isEqualTo(demo.address() + "/dashboard?tab=" + i);
        }
    }

    @Test
    void fiftyAbandonedSignInsNeitherFillTheHeadersNorStopTheNextOne() {
        Visitor visitor = demo.visitor();
        for (int i = 0; i < 50; i++) {
            visitor.begin("/dashboard?attempt=" + i + "&padding=" + "x".repeat(300));
            assertThat(visitor.cookieHeader().length()).isLessThan(8_000);
        }
        visitor.signIn(ADA);
        assertThat(visitor.get("/api/auth/me").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?organizationId=%20%20",
                "?organizationId=%00",
                "?screenHint=%3Cscript%3E",
                "?loginHint=%0d%0aX:y"
            })
    void oddWishesAtTheBeginningStillEndAtWorkOs(String query) {
        HttpResponse<String> begun = demo.visitor().get("/api/auth/login" + query);
        assertThat(begun.statusCode()).isIn(302, 400);
        if (begun.statusCode() == 302) {
            assertThat(Visitor.location(begun))
                    .startsWith(demo.demo().workOs().baseUrl() + "/")
                    .contains("code_challenge_method=S256")
                    .doesNotContain("\r", "\n", "<");
        }
    }

    @Test
    void theHostOfARequestNeverReachesTheRedirectAddress() {
        HttpResponse<String> begun = demo.visitor()
                .get("/api/auth/login", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example");
        assertThat(Visitor.location(begun)).doesNotContain("evil.example");
    }
}
