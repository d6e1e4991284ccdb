package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    @Test
    void itGivesItsBurstAndThenItsRateAlsoWhenTheClockWrapsAround() {
        TokenBucket bucket = new TokenBucket(100, 50, START);

        assertThat(taken(bucket, START)).isEqualTo(50);
        for (int tenth = 1; tenth <= 100; tenth++) {
            assertThat(taken(bucket, START + tenth * SECOND / 10)).isEqualTo(10);
        }
    }

    @Test
    void inAnyTenSecondsItStaysBelowTheLimitOfWorkOsPlusItsBurst() {
        TokenBucket bucket = new TokenBucket(100, 50, 0);
        int taken = 0;
        for (long at = 0; at <= 10 * SECOND; at += SECOND / 1_000) {
            taken += taken(bucket, at);
        }

        assertThat(taken).isBetween(1_040, 1_050);
    }

    @Test
    void aRefusalClosesItForTheTimeAskedAndHalvesTheRate() {
        TokenBucket bucket = new TokenBucket(100, 50, 0);
        bucket.refused(0, 2 * SECOND);

        assertThat(bucket.rate()).isEqualTo(50);
        assertThat(taken(bucket, 2 * SECOND - 1)).isZero();
        assertThat(bucket.nanosUntilNext(SECOND)).isGreaterThan(SECOND);
        assertThat(taken(bucket, 3 * SECOND)).isBetween(49, 60);
    }

    @Test
    void theRateNeverFallsBelowOneAndComesBackInTwentySeconds() {
        TokenBucket bucket = new TokenBucket(100, 50, 0);
        for (int i = 0; i < 50; i++) {
            bucket.refused(0, 0);
        }
        assertThat(bucket.rate()).isEqualTo(1);

        bucket.nanosUntilNext(10 * SECOND);
        assertThat(bucket.rate()).isBetween(50.0, 52.0);
        bucket.nanosUntilNext(20 * SECOND);
        assertThat(bucket.rate()).isEqualTo(100);
    }

    @Test
    void whatItForeseesIsEnough() {
        TokenBucket bucket = new TokenBucket(3, 1, 0);
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            assertThat(bucket.tryTake(now)).as("take %d", i).isTrue();
            now += bucket.nanosUntilNext(now);
        }
    }

    private static int taken(TokenBucket bucket, long now) {
        int taken = 0;
        while (bucket.tryTake(now)) {
            taken++;
        }
        return taken;
    }
}
