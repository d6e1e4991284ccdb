package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.problem.SessionProblem;
import dev.lockstep.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CookieKeysTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");

    @Test
    void everythingWrongWithThePasswordsIsSaidAtOnceAndNoneOfThemIsShown() {
        List<String> passwords = List.of("short-secret", "x".repeat(40), "x".repeat(40), "y".repeat(40) + "\uD800");
        assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() -> CookieKeys.of(passwords))
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(SessionProblem.Code.SESSION_PASSWORDS_INVALID);
                    assertThat(problem.reasons()).hasSize(3);
                    assertThat(problem.getMessage()).contains("12 characters").doesNotContain("short-secret", "xxxx");
                });
    }

    @Test
    void anEmptyListIsRefused() {
        assertThatExceptionOfType(SessionProblem.class).isThrownBy(() -> CookieKeys.of(List.of()));
    }

    @Test
    void sixteenEmojiAreThirtyTwoUnitsAndLongEnough() {
        assertThat(CookieKeys.of(List.of("😀".repeat(16)))).hasToString("CookieKeys[1]");
        assertThatExceptionOfType(SessionProblem.class).isThrownBy(() -> CookieKeys.of(List.of("😀".repeat(15))));
    }

    @Test
    void whatIsSealedForOnePurposeOpensForNoOther() {
        CookieKeys keys = CookieKeys.of(List.of(SessionKit.PASSWORD));
        var flow = new PurposeSeal(keys, "login-flow", clock, new SecureRandom());
        var other = new PurposeSeal(keys, "something-else", clock, new SecureRandom());
        String sealed = flow.seal("{}".getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(1));
        assertThat(flow.open(sealed)).isInstanceOf(PurposeSeal.Opened.class);
        assertThat(other.open(sealed)).isEqualTo(new PurposeSeal.Unreadable(SealFault.INTEGRITY));
        assertThat(flow.open(IronSealTest.BY_NODE)).isEqualTo(new PurposeSeal.Unreadable(SealFault.INTEGRITY));
        clock.advance(Duration.ofMinutes(2));
        assertThat(flow.open(sealed)).isInstanceOf(PurposeSeal.Expired.class);
    }
}
