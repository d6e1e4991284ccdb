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
        assertThat(done(50, 50)).isFalse();
        assertThat(done(50, 50)).isFalse();
        assertThat(turns.enters()).isFalse();
        assertThat(done(50, 50)).isTrue();
        assertThat(done(50, 50)).isFalse();
        assertThat(turns.enters()).isTrue();
        done(1, 50);
        assertThat(turns.enters()).isFalse();
    }

    @Test
    void aBusyStreamGathersLongerAndAThinOneDoesNot() {
        turns.enters();
        done(50, 50);
        assertThat(turns.pauseNanos()).isZero();
        done(30, 50);
        assertThat(turns.pauseNanos()).isEqualTo(20 + 20 * 80 / 200);
        now.set(1_000);
        for (int i = 0; i < 40; i++) {
            done(50, 50);
        }
        done(0, 50);
        assertThat(turns.pauseNanos()).isEqualTo(5 * 20);
        now.set(2_000);
        done(1, 50);
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
        done(1, 50);
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
        done(1, 50);
        now.set(5);
        assertThat(turns.pauseNanos()).isEqualTo(15);
        now.set(20);
        assertThat(turns.pauseNanos()).isZero();
    }

    @Test
    void aBacklogDoesNotPause() {
        turns.enters();
        done(50, 50);
        assertThat(turns.pauseNanos()).isZero();
    }

    @Test
    void afterAFailureBatchesStartSmallAndGrowAgain() {
        turns.enters();
        turns.breaks();
        assertThat(turns.limit()).isEqualTo(5);
        turns.enters();
        done(5, 5);
        assertThat(turns.limit()).isEqualTo(10);
        done(10, 10);
        done(20, 20);
        done(40, 40);
        done(50, 50);
        assertThat(turns.limit()).isEqualTo(50);
    }

    @Test
    void afterAnEventThatFailsBatchesAreSmallAndNoneWaitsUntilAllIsWellForAWhile() {
        turns.enters();
        turns.done(new Applier.Batch(30, 1), 50);
        assertThat(turns.limit()).isEqualTo(16);
        for (int i = 0; i < 50; i++) {
            assertThat(turns.pauseNanos()).isZero();
            done(3, 16);
        }
        assertThat(turns.pauseNanos()).isPositive();
        assertThat(turns.limit()).isEqualTo(16);
        done(16, 16);
        assertThat(turns.limit()).isEqualTo(32);
    }

    private boolean done(int handled, int allowed) {
        return turns.done(new Applier.Batch(handled, 0), allowed);
    }
}
