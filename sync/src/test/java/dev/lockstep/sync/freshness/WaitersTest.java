package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.EventId;
import dev.lockstep.sync.freshness.Waiters.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitersTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Wanted ONE = new Wanted.Event(new EventId("event_1"));

    private final Waiters waiters = new Waiters(10);

    @Test
    void anInterruptedCallerGivesUpAndStaysInterrupted() {
        Waiter waiter = waiters.enter(ONE);
        Thread.currentThread().interrupt();
        Optional<Awaited> end = waiters.await(waiter, LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(end).contains(Awaited.GIVEN_UP);
        waiters.leave(waiter);
        assertThat(waiters.count()).isZero();
    }

    @Test
    void twoWhoWaitForTheSameAreTwo() {
        Waiter first = waiters.enter(ONE);
        Waiter second = waiters.enter(ONE);
        assertThat(waiters.count()).isEqualTo(2);
        waiters.leave(first);
        assertThat(waiters.all()).containsExactly(second);
        Waiters.settle(waiters.all(), wanted -> Optional.of(Awaited.REACHED));
        assertThat(waiters.await(second, LONG)).contains(Awaited.REACHED);
    }

    @Test
    void theFirstOutcomeStands() {
        Waiter waiter = waiters.enter(ONE);
        Waiters.settle(List.of(waiter), wanted -> Optional.of(Awaited.PARKED));
        Waiters.settle(List.of(waiter), wanted -> Optional.of(Awaited.REACHED));
        assertThat(waiters.await(waiter, LONG)).contains(Awaited.PARKED);
    }

    @Test
    void nobodyAtAllMayNotBeTheBound() {
        assertThatThrownBy(() -> new Waiters(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
