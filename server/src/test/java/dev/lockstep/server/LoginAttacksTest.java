package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.starter.Signals.SignIn;
import dev.lockstep.workosdouble.NewUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The login section of the catalogue, against the whole server: status, code, meter, no call, no row. */
class LoginAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String ADA = "ada@acme.test";
    private static final String BEN = "ben@acme.test";

    private final Visitor attacker = demo.visitor();
    private final Visitor victim = demo.visitor();

    private static void isRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(answer)).startsWith(demo.address() + "/login?error=" + code + "&ref=");
        assertThat(answer.headers().allValues("Set-Cookie"))
                .noneMatch(value -> value.startsWith(Visitor.SESSION + "=") && !value.contains("Max-Age=0"));
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    }

    private String approved(Visitor visitor, String email) {
        return visitor.approvedAt(visitor.begin("/dashboard"), email);
    }

    @Test
    @DisplayName("L01 somebody else's code and state in a browser that did not begin")
    void loginCsrf() {
        String back = approved(attacker, ADA);
        Aftermath aftermath = Aftermath.of(demo);
        aftermath
                .ofWhatNeverReachesWorkOs(() -> isRefused(victim.get(back), "pkce_cookie_missing"))
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
        assertThat(victim.cookies).isEmpty();
        assertThat(attacker.get(back).statusCode()).as("the code was not spent").isEqualTo(302);
    }

    @Test
    @DisplayName("L02 a cookie that differs from the state by one character")
    void stateMismatch() {
        String back = approved(victim, ADA);
        String name = victim.cookies.keySet().iterator().next();
        String value = victim.cookies.get(name);
        char changed = value.charAt(40) == 'a' ? 'b' : 'a';
        victim.cookies.put(name, value.substring(0, 40) + changed + value.substring(41));
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isRefused(victim.get(back), "state_mismatch"))
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
        assertThat(victim.cookies).as("the attempt's cookie is gone").isEmpty();
    }

    @Test
    @DisplayName("L03 the same way back a second time, with the cookies of the first")
    void replay() {
        String back = approved(victim, ADA);
        attacker.cookies.putAll(victim.cookies);
        assertThat(victim.get(back).statusCode()).isEqualTo(302);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isRefused(attacker.get(back), "state_replayed"))
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
        assertThat(attacker.cookies).doesNotContainKey(Visitor.SESSION);
    }

    @Test
    @DisplayName("L05 an attacker's code in the victim's own attempt")
    void codeInjection() {
        String code = approved(attacker, ADA).replaceFirst(".*[?&]code=([^&]*).*", "$1");
        String own = approved(victim, BEN).replaceFirst("([?&]code=)[^&]*", "$1" + code);
        Aftermath aftermath = Aftermath.of(demo);
        isRefused(victim.get(own), "code_refused");
        aftermath.counted(SignIn.REFUSED, 1).nothingChanged();
        assertThat(victim.cookies).isEmpty();
    }

    @Test
    @DisplayName("L06 L07 two hundred attempts: always S256, and no verifier, state or challenge twice")
    void challenges() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            String url = demo.visitor().begin("/dashboard");
            assertThat(url).contains("code_challenge_method=S256").containsPattern("code_challenge=[A-Za-z0-9_-]{43}&");
            assertThat(seen.add(url.replaceFirst(".*code_challenge=([^&]*).*", "$1")))
                    .isTrue();
            assertThat(seen.add(url.replaceFirst(".*[?&]state=([^&]*).*", "$1")))
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "L08 L09 L10 {0}")
    @ValueSource(
            strings = {
                "",
                "?state=abc",
                "?code=&state=",
                "?code=abc&state=x",
                "?code=abc&code=def&state=x",
                "?code=abc&state=x&state=y",
                "?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
                "?error=access_denied&error=server_error",
                "?error=%0d%0aSet-Cookie:%20x=y"
            })
    void waysBackThatMakeNoSense(String query) {
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> {
                    HttpResponse<String> answer = victim.get("/api/auth/callback" + query);
                    isRefused(answer, Visitor.location(answer).replaceFirst(".*error=([^&]*)&.*", "$1"));
                    assertThat(Visitor.location(answer)).doesNotContain("script", "\r", "\n");
                })
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
    }

    @Test
    @DisplayName("L11 an answer that names another issuer")
    void mixUp() {
        String back = approved(victim, ADA);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(
                        () -> isRefused(victim.get(back + "&iss=https%3A%2F%2Fevil.example"), "issuer_mismatch"))
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
    }

    @Test
    @DisplayName("L12 looking ahead, asking for the head and posting spend nothing")
    void prefetch() {
        String back = approved(victim, ADA);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> {
                    assertThat(victim.send("HEAD", back, BodyPublishers.noBody())
                                    .statusCode())
                            .isEqualTo(204);
                    assertThat(victim.get(back, "Sec-Purpose", "prefetch;prerender")
                                    .statusCode())
                            .isEqualTo(204);
                    assertThat(victim.post(back, "{}").statusCode()).isEqualTo(405);
                })
                .nothingChanged();
        assertThat(victim.get(back).statusCode()).isEqualTo(302);
    }

    @Test
    @DisplayName("L13 a session's seal as an attempt's cookie and state")
    void sessionAsAttempt() {
        String session = demo.visitor().signIn(ADA).cookies.get(Visitor.SESSION);
        victim.cookies.put("wos-auth-verifier-" + fnv1a(session), session);
        Aftermath.of(demo)
                .ofWhatNeverReachesWorkOs(() -> isRefused(
                        victim.get("/api/auth/callback?code=abc&state=" + session.replace("*", "%2A")),
                        "state_invalid"))
                .counted(SignIn.REFUSED, 1)
                .nothingChanged();
    }

    /** The name of an attempt's cookie, as WorkOS's libraries make it. */
    private static String fnv1a(String state) {
        int hash = 0x811c9dc5;
        for (byte octet : state.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return java.util.HexFormat.of().toHexDigits(hash);
    }

    @Test
    @DisplayName("L17 hosts in headers never reach the address WorkOS sends people back to")
    void foreignHost() {
        String plain = Visitor.location(victim.get("/api/auth/login")).replaceFirst(".*(redirect_uri=[^&]*).*", "$1");
        for (String[] header : List.of(
                new String[] {"X-Forwarded-Host", "evil.example"},
                new String[] {"Forwarded", "host=evil.example;proto=https"},
                new String[] {"X-Forwarded-Proto", "https"},
                new String[] {"X-Original-Host", "evil.example"},
                new String[] {"X-Forwarded-Server", "evil.example"})) {
            String location = Visitor.location(victim.get("/api/auth/login", header));
            assertThat(location).contains(plain + "&").doesNotContain("evil");
        }
    }

    @Test
    @DisplayName("L18 a planted session is replaced at sign-in and ends at once")
    void fixation() {
        Visitor owner = demo.visitor().signIn(ADA);
        victim.cookies.put(Visitor.SESSION, owner.cookies.get(Visitor.SESSION));
        String planted = owner.sessionId();
        victim.signIn(BEN);
        assertThat(victim.sessionId()).isNotEqualTo(planted);
        assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(demo.database()
                        .<Long>read(tx -> tx.sql("""
                                SELECT count(*) FROM app.audit_log
                                WHERE action = 'session.replaced' AND target = :target
                                """)
                                .param("target", "session:" + planted)
                                .query(Long.class)
                                .single()))
                .as("the audit log says so")
                .isEqualTo(1);
    }

    @Test
    @DisplayName("L19 a new WorkOS id with the e-mail of somebody who was here before is somebody else")
    void accountLinking() {
        String email = "twice@linking.test";
        var first = demo.demo().workOs().createUser(NewUser.named(email, "First", "One"));
        demo.visitor().signIn(email);
        demo.settled();
        String before = account(first.value());
        demo.demo().workOs().deleteUser(first);
        var second = demo.demo().workOs().createUser(NewUser.named(email, "Second", "Two"));
        Visitor later = demo.visitor().signIn(email);
        demo.settled();
        assertThat(later.me().at("/user/id").asString()).isEqualTo(second.value());
        assertThat(account(second.value())).isNotEqualTo(before);
        assertThat(demo.database()
                        .<Boolean>read(tx -> tx.sql("SELECT deleted_at IS NOT NULL FROM workos.users WHERE id = :id")
                                .param("id", first.value())
                                .query(Boolean.class)
                                .single()))
                .as("the first one's row stays a tombstone")
                .isTrue();
        demo.demo().workOs().deleteUser(second);
    }

    private static String account(String user) {
        return demo.database()
                .<String>read(tx -> tx.sql("SELECT id::text FROM app.accounts WHERE workos_user_id = :user")
                        .param("user", user)
                        .query(String.class)
                        .single());
    }

    @Test
    @DisplayName(
            "L20 WorkOS down during the way back: a page, the attempt kept, no code sent twice, and the next try arrives")
    void outage() {
        String back = approved(victim, ADA);
        Aftermath aftermath = Aftermath.of(demo);
        demo.demo().workOs().faults().failNext("/user_management/authenticate", 503, 20);
        HttpResponse<String> held;
        try {
            held = victim.get(back, "Accept", "text/html");
        } finally {
            demo.demo().workOs().faults().heal();
        }
        assertThat(held.statusCode()).isEqualTo(503);
        assertThat(held.headers().firstValue("Retry-After")).isPresent();
        assertThat(held.body()).contains("load this page again");
        aftermath.counted(SignIn.UNAVAILABLE, 1).nothingChanged();
        assertThat(victim.cookies).as("the attempt is kept").hasSize(1);
        HttpResponse<String> again = victim.get(back);
        assertThat(Visitor.location(again))
                .as("a code that may have arrived is not sent twice: the sign-in begins anew")
                .startsWith(demo.demo().workOs().baseUrl() + "/user_management/authorize?");
        assertThat(victim.get(victim.approvedAt(Visitor.location(again), ADA)).statusCode())
                .isEqualTo(302);
        assertThat(victim.me().at("/user/email").asString()).isEqualTo(ADA);
    }

    @Test
    @DisplayName("L21 a user whose tombstone is here completes the login at WorkOS")
    void disabledAccount() {
        String email = "gone@disabled.test";
        var user = demo.demo().workOs().createUser(NewUser.named(email, "Gone", "One"));
        demo.visitor().signIn(email);
        demo.settled();
        demo.demo()
                .workOs()
                .emit(
                        "user.deleted",
                        "{\"object\":\"user\",\"id\":\"" + user.value() + "\",\"email\":\"" + email
                                + "\",\"created_at\":\"2026-01-01T00:00:00.000Z\",\"updated_at\":\"2026-01-01T00:00:00.000Z\"}",
                        null);
        demo.settled();
        String back = approved(victim, email);
        Aftermath aftermath = Aftermath.of(demo);
        isRefused(victim.get(back), "account_disabled");
        aftermath.counted(SignIn.DENIED, 1).counted(SignIn.SUCCEEDED, 0);
        assertThat(victim.cookies).doesNotContainKey(Visitor.SESSION);
        demo.demo().workOs().deleteUser(user);
    }

    @Test
    @DisplayName("L22 twenty callbacks with one code at once: one session, ten rounds")
    void concurrentCallbacks() throws Exception {
        for (int round = 0; round < 10; round++) {
            Visitor first = demo.visitor();
            String back = approved(first, ADA);
            Map<String, String> attempt = Map.copyOf(first.cookies);
            Callable<Boolean> arrives = () -> {
                Visitor thread = demo.visitor();
                thread.cookies.putAll(attempt);
                thread.get(back);
                return thread.cookies.containsKey(Visitor.SESSION);
            };
            int sessions = 0;
            try (var threads = Executors.newFixedThreadPool(20)) {
                for (Future<Boolean> end : threads.invokeAll(java.util.Collections.nCopies(20, arrives))) {
                    sessions += end.get() ? 1 : 0;
                }
            }
            assertThat(sessions).as("round " + round).isEqualTo(1);
        }
    }
}
