package dev.lockstep.sync.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StreakTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Streak streak = new Streak(nanos::get);

    @Test
    void theFirstFailureIsSaidAndThenOneAMinute() {
        int said = 0;
        for (int second = 0; second < 600; second++) {
            nanos.set(Duration.ofSeconds(second).toNanos());
            said += streak.failed() ? 1 : 0;
        }
        assertThat(said).isEqualTo(10);
        assertThat(streak.length()).isEqualTo(600);
    }

    @Test
    void aSuccessEndsTheStreakAndTheNextFailureIsSaidAgain() {
        assertThat(streak.failed()).isTrue();
        assertThat(streak.failed()).isFalse();
        assertThat(streak.ended()).isEqualTo(2);
        assertThat(streak.ended()).isZero();
        assertThat(streak.failed()).isTrue();
    }

    @Test
    void waitsGrowFourfoldUpToTheLongestAndAreSpread() {
        Backoff backoff = new Backoff(8, Duration.ofSeconds(1), Duration.ofHours(1));
        Random jitter = new Random(7);
        long full = 1_000;
        for (int attempt = 1; attempt <= 8; attempt++) {
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.after(attempt, jitter).toMillis()).isBetween(full / 2, full);
            }
            full = Math.min(full * 4, 3_600_000);
        }
        assertThat(full).isEqualTo(3_600_000);
    }

    @Test
    void aBackoffThatShrinksIsRefused() {
        assertThatThrownBy(() -> new Backoff(3, Duration.ofMinutes(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
