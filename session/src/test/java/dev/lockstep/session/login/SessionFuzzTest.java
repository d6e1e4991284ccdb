package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.CookieFuzz;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.token.TokenFuzz;
import dev.lockstep.testing.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Some seconds of Jazzer for each parser that strangers can reach; hours of it by {@code ./lockstep prove fuzz}. */
class SessionFuzzTest {
    private final SessionKit kit = new SessionKit();
    private final String token = SessionKit.MINT.token(kit.clock.instant());

    @Test
    void noCookieBreaksTheReaderOrIsBelieved() throws Exception {
        String sealed = spoiled(kit.cookie(token));
        assertFine(CookieFuzz.class, sealed, "wos-session=" + sealed, "a=b; wos-session=\"" + sealed + "\"", json());
    }

    @Test
    void noTokenBreaksTheVerifierOrIsBelieved() throws Exception {
        String claims =
                new String(java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertFine(TokenFuzz.class, token, token.substring(token.indexOf('.') + 1), claims);
    }

    @Test
    void noStateBreaksTheCallbackOrIsBelieved() throws Exception {
        String state = spoiled(new LoginKit().beginAndGetState());
        assertFine(CallbackFuzz.class, state + state, state, "/dashboard?tab=1");
    }

    @Test
    void noReturnPathLeadsElsewhere() throws Exception {
        assertFine(
                ReturnPathFuzz.class,
                "/a/../b?c#d",
                "//evil.test",
                "/\\evil.test",
                "/%2f%2fevil.test",
                "https:evil.test");
    }

    /** Nearly genuine: one character of the integrity check is another one. */
    private static String spoiled(String sealed) {
        int at = sealed.length() - 5;
        return sealed.substring(0, at) + (sealed.charAt(at) == 'A' ? 'B' : 'A') + sealed.substring(at + 1);
    }

    private static String json() {
        return new String(SessionKit.session("a.b.c", "user_1").bytes(), StandardCharsets.UTF_8);
    }

    private static void assertFine(Class<?> target, String... seeds) throws InterruptedException {
        List<byte[]> bytes = Stream.of(seeds)
                .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                .toList();
        FuzzRun.Outcome outcome = FuzzRun.of(target, bytes);
        assertThat(outcome.found()).isEmpty();
        assertThat(outcome.inputs()).isGreaterThan(100);
    }
}
