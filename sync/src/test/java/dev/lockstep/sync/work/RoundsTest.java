package dev.lockstep.sync.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration FOREVER = Duration.ofDays(1);

    @Test
    void itGoesRoundAfterRoundUntilItIsStopped() throws InterruptedException {
        Semaphore done = new Semaphore(0);
        Rounds rounds = new Rounds("rounds-test", () -> {
            done.release();
            return Duration.ZERO;
        });
        assertThat(rounds.goOn()).isFalse();
        rounds.start(Duration.ZERO);
        assertThat(done.tryAcquire(3, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(rounds.goOn()).isTrue();
        assertThatThrownBy(() -> rounds.start(Duration.ZERO)).isInstanceOf(IllegalStateException.class);

        assertThat(rounds.stop()).isTrue();
        assertThat(rounds.goOn()).isFalse();
        assertThat(rounds.stop()).as("it is stopped already").isFalse();
    }

    @Test
    void whoeverWaitsIsLetGoAtOnceAndTheFirstRoundIsNotMadeThen() {
        AtomicInteger rounds = new AtomicInteger();
        Rounds waiting = new Rounds("rounds-test", () -> {
            rounds.incrementAndGet();
            return FOREVER;
        });
        waiting.start(FOREVER);
        assertThat(waiting.stop()).isTrue();
        assertThat(rounds).hasValue(0);
        waiting.start(FOREVER);
        assertThat(waiting.stop()).as("it can be started again").isTrue();
    }

    @Test
    void aRoundInHandHearsThatItIsToEndAndIsInterruptedOnlyWhenWanted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean told = new AtomicBoolean();
        Rounds rounds = new Rounds("rounds-test", () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return FOREVER;
        });
        rounds.start(Duration.ZERO);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(rounds.stop(() -> told.set(true), true)).isTrue();

        assertThat(told).isTrue();
        assertThat(interrupted).isTrue();
    }
}
