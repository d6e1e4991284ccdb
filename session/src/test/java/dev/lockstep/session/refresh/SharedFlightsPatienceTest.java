package dev.lockstep.session.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.RestSeal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long one node waits for another, and that it does not wait for ever. */
class SharedFlightsPatienceTest {
    private final SessionKit kit = new SessionKit();
    private final List<Duration> pauses = new ArrayList<>();

    /** A table in which another node is at it for good. */
    private static final RefreshClaims TAKEN = new RefreshClaims() {
        @Override
        public Claim claim(String flight, Duration lease) {
            return new Taken();
        }

        @Override
        public void answer(String flight, String ticket, byte[] sealed, boolean renewed, Duration keep) {
            throw new AssertionError("nothing to answer");
        }
    };

    @Test
    void whoWaitsLooksSeldomerAndSeldomerAndGivesUpAfterTenSeconds() {
        RefreshOutcome outcome = flights(duration -> {
                    pauses.add(duration);
                    kit.clock.advance(duration);
                })
                .fly("flight", SharedFlightsPatienceTest::never);
        assertThat(outcome).isEqualTo(new RefreshOutcome.Transient("another node has not finished renewing", null));
        assertThat(pauses.subList(0, 6).stream().map(Duration::toMillis))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 160L);
        assertThat(pauses.stream().mapToLong(Duration::toMillis).sum()).isBetween(10_000L, 10_160L);
    }

    @Test
    void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
        RefreshOutcome outcome = flights(duration -> {
                    throw new InterruptedException();
                })
                .fly("flight", SharedFlightsPatienceTest::never);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome)
                .isEqualTo(new RefreshOutcome.Transient("interrupted while another node was renewing", null));
    }

    @Test
    void anAnswerIsKeptAsLongAsWorkOsRepeatsItAndAFailureAsLongAsItAskedFor() {
        assertThat(RefreshFlights.keepFor(new RefreshOutcome.Terminal("invalid_grant")))
                .isEqualTo(Duration.ofSeconds(30));
        Duration shortest = RefreshFlights.keepFor(new RefreshOutcome.Transient("away", null));
        assertThat(shortest).isPositive();
        for (Duration asked : List.of(Duration.ZERO, shortest.minusMillis(1), shortest)) {
            assertThat(RefreshFlights.keepFor(new RefreshOutcome.Transient("away", asked)))
                    .isEqualTo(shortest);
        }
        assertThat(RefreshFlights.keepFor(new RefreshOutcome.Transient("away", shortest.plusSeconds(2))))
                .isEqualTo(shortest.plusSeconds(2));
        Duration longest = RefreshFlights.keepFor(new RefreshOutcome.Transient("away", Duration.ofHours(5)));
        assertThat(longest).isLessThan(Duration.ofHours(1));
        assertThat(RefreshFlights.keepFor(new RefreshOutcome.Transient("away", longest)))
                .isEqualTo(longest);
    }

    private SharedFlights flights(SharedFlights.Pause pause) {
        return new SharedFlights(TAKEN, new RestSeal(kit.keys, "refresh", kit.random), kit.clock, pause);
    }

    private static RefreshOutcome never() {
        throw new AssertionError("nobody may call");
    }
}
