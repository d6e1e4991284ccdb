package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
