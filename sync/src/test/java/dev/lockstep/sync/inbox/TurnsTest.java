package dev.lockstep.sync.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final AtomicLong now = new AtomicLong();
    private final Turns turns = new Turns(50, Duration.ofNanos(20), Duration.ofNanos(100), now::get);

    @Test
    void oneDrainsWhileEventsTrickleIn() {
        assertThat(turns.enters()).isTrue();
        assertThat(turns.enters()).isFalse();
    }

    @Test
    void whoeverWasSentAwayIsNotForgotten() {
        turns.enters();
        turns.enters();
        assertThat(turns.leaves()).isFalse();
        assertThat(turns.leaves()).isTrue();
        assertThat(turns.enters()).isTrue();
    }

    @Test
    void aBacklogIsForAllAndCalledOutOnce() {
        turns.enters();
        assertThat(turns.done(50, 50)).isFalse();
        assertThat(turns.done(50, 50)).isFalse();
        assertThat(turns.enters()).isFalse();
        assertThat(turns.done(50, 50)).isTrue();
        assertThat(turns.done(50, 50)).isFalse();
        assertThat(turns.enters()).isTrue();
        turns.done(1, 50);
        assertThat(turns.enters()).isFalse();
    }

    @Test
    void aBusyStreamGathersLongerAndAThinOneDoesNot() {
        turns.enters();
        turns.done(50, 50);
        assertThat(turns.pauseNanos()).isZero();
        turns.done(30, 50);
        assertThat(turns.pauseNanos()).isEqualTo(20 + 20 * 80 / 200);
        now.set(1_000);
        for (int i = 0; i < 40; i++) {
            turns.done(50, 50);
        }
        turns.done(0, 50);
        assertThat(turns.pauseNanos()).isEqualTo(5 * 20);
        now.set(2_000);
        turns.done(1, 50);
        assertThat(turns.pauseNanos()).isEqualTo(20);
    }

    @Test
    void nobodyWaitsForOneThatIsHeldUp() {
        turns.enters();
        now.set(101);
        assertThat(turns.enters()).isTrue();
    }

    @Test
    void progressIsNoHoldUp() {
        turns.enters();
        now.set(80);
        turns.done(1, 50);
        now.set(150);
        assertThat(turns.enters()).isFalse();
    }

    @Test
    void afterAFailureTheNextOneLooks() {
        turns.enters();
        turns.enters();
        turns.breaks();
        assertThat(turns.enters()).isTrue();
        assertThat(turns.leaves()).isTrue();
    }

    @Test
    void aLoneEventIsNotHeldBackButTheNextOnesGather() {
        assertThat(turns.pauseNanos()).isZero();
        turns.enters();
        turns.done(1, 50);
        now.set(5);
        assertThat(turns.pauseNanos()).isEqualTo(15);
        now.set(20);
        assertThat(turns.pauseNanos()).isZero();
    }

    @Test
    void aBacklogDoesNotPause() {
        turns.enters();
        turns.done(50, 50);
        assertThat(turns.pauseNanos()).isZero();
    }

    @Test
    void afterAFailureBatchesStartSmallAndGrowAgain() {
        turns.enters();
        turns.breaks();
        assertThat(turns.limit()).isEqualTo(5);
        turns.enters();
        turns.done(5, 5);
        assertThat(turns.limit()).isEqualTo(10);
        turns.done(10, 10);
        turns.done(20, 20);
        turns.done(40, 40);
        turns.done(50, 50);
        assertThat(turns.limit()).isEqualTo(50);
    }
}
