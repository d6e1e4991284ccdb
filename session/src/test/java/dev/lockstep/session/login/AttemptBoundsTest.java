package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How old an attempt may be, to the millisecond, either way. */
class AttemptBoundsTest {
    private final LoginKit kit = new LoginKit();

    @Test
    void anAttemptIsGoodAtTheEndOfItsTenMinutesAndNotAMillisecondLater() {
        String state = kit.beginAndGetState();
        kit.session.clock.advance(PendingLogins.LIFE);
        assertThat(kit.pending.open(state)).isInstanceOf(PendingLogins.Current.class);
        kit.session.clock.advance(Duration.ofMillis(1));
        assertThat(kit.pending.open(state)).isInstanceOf(PendingLogins.Late.class);
    }

    @Test
    void anotherNodesClockMayBeAMinuteAhead() {
        String state = kit.beginAndGetState();
        kit.session.clock.advance(Duration.ofMinutes(-1));
        assertThat(kit.pending.open(state)).isInstanceOf(PendingLogins.Current.class);
        kit.session.clock.advance(Duration.ofMillis(-1));
        assertThat(kit.pending.open(state)).isInstanceOf(PendingLogins.Late.class);
    }

    @Test
    void whatIsWrittenIntoAnAddressIsPlainOrEscaped() {
        assertThat(UrlEscapes.query("a ~\u007f\u001f\ud800é")).isEqualTo("a%20~%7F%1F%EF%BF%BD%C3%A9");
    }

    @Test
    void onlyCookiesOfAttemptsAreEverDropped() {
        for (int i = 0; i < 8; i++) {
            kit.jar.put("someone-elses-" + i, "value");
        }
        kit.begin(LoginRequest.to("/dashboard"));
        assertThat(kit.jar).hasSize(9).containsKey("someone-elses-7");
        assertThat(kit.flow.dropPending(kit.cookieHeaders()))
                .singleElement()
                .asString()
                .startsWith("wos-auth-verifier-")
                .contains("Max-Age=0");
    }

    @Test
    void everyAddressOfTheSettingsIsLookedAt() {
        for (List<String> addresses : List.of(
                List.of("nowhere", "https://app.example.test/callback"),
                List.of("https://api.workos.com", "nowhere"))) {
            assertThatThrownBy(() -> new LoginSettings(
                            addresses.getFirst(), "client_test", addresses.getLast(), Set.of("https://api.workos.com")))
                    .hasMessageContaining("must be an absolute http or https address");
        }
    }
}
