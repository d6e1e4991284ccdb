package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sync.backfill.Totals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a walk says about its speed and its end. */
final class ForecastTest {
    private static final Totals NOTHING = new Totals(2, 0, 0, 0, 0, 0, 0);

    @Test
    void nobodyCanSayAtTheBeginning() {
        assertThat(new Forecast(0, NOTHING).left(NOTHING, Duration.ZERO)).isEmpty();
        assertThat(new Forecast(0, NOTHING).rate(NOTHING, Duration.ZERO)).isZero();
    }

    @Test
    void theLastWalkIsTheBestGuess() {
        Totals now = new Totals(100, 10, 0, 50, 5_000, 0, 0);
        assertThat(new Forecast(150, NOTHING).left(now, Duration.ofSeconds(10))).contains(Duration.ofSeconds(20));
        assertThat(new Forecast(150, NOTHING).rate(now, Duration.ofSeconds(10))).isEqualTo(500);
    }

    @Test
    void withoutOneTheKnownListsAre() {
        Totals now = new Totals(100, 20, 5, 50, 5_000, 0, 0);
        assertThat(new Forecast(0, NOTHING).left(now, Duration.ofSeconds(10))).contains(Duration.ofSeconds(38));
    }

    @Test
    void whatAnEarlierProcessReadIsNotCreditedToThisOne() {
        Totals before = new Totals(100, 20, 0, 50, 5_000, 0, 0);
        Totals now = new Totals(100, 21, 0, 60, 6_000, 0, 0);
        assertThat(new Forecast(0, before).rate(now, Duration.ofSeconds(10))).isEqualTo(100);
        assertThat(new Forecast(70, before).left(now, Duration.ofSeconds(10))).contains(Duration.ofSeconds(10));
    }
}
