package dev.lockstep.sync.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final AtomicLong now = new AtomicLong();
    private final Turns turns = new Turns(Duration.ofNanos(100), now::get);

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
        assertThat(turns.done(true)).isTrue();
        assertThat(turns.done(true)).isFalse();
        assertThat(turns.enters()).isTrue();
        turns.done(false);
        assertThat(turns.enters()).isFalse();
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
        turns.done(false);
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
}
