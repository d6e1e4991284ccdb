package dev.lockstep.session.refresh;

import dev.lockstep.session.sealing.RestSeal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one node call WorkOS for each refresh token and organization, and gives the others its answer, which is left
 * encrypted for them before the caller itself gets it. When the nodes cannot agree, each calls for itself: WorkOS
 * repeats its answer for 30 seconds. Safe for any number of threads; callers wait.
 */
public final class SharedFlights {
    /**
     * How long one node may be at it before another one tries. Short, because a node may have died over it and people
     * wait; a second call does no harm, since WorkOS repeats its answer for ten times as long.
     */
    static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);
    private static final Logger log = LoggerFactory.getLogger(SharedFlights.class);

    private final RefreshClaims claims;
    private final RestSeal seal;
    private final InstantSource clock;
    private final Pause pause;

    /**
     * @param seal made for the table behind the claims
     * @param pause how to wait for another node
     */
    public SharedFlights(RefreshClaims claims, RestSeal seal, InstantSource clock, Pause pause) {
        this.claims = claims;
        this.seal = seal;
        this.clock = clock;
        this.pause = pause;
    }

    /** Waits; replaced where no test may wait. */
    @FunctionalInterface
    public interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    /** Runs the call if no other node does or just did; otherwise returns that one's answer. */
    RefreshOutcome fly(String flight, Supplier<RefreshOutcome> call) {
        Instant end = clock.instant().plus(PATIENCE);
        Duration wait = FIRST_PAUSE;
        try {
            while (true) {
                switch (claims.claim(flight, LEASE)) {
                    case RefreshClaims.Mine mine -> {
                        return called(flight, mine, call);
                    }
                    case RefreshClaims.Answered answered -> {
                        return opened(answered, flight).orElseGet(call);
                    }
                    case RefreshClaims.Taken taken -> {
                        if (!clock.instant().isBefore(end)) {
                            return new RefreshOutcome.Transient("another node has not finished renewing", null);
                        }
                        pause.take(wait);
                        wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
                    }
                }
            }
        } catch (RefreshClaims.Unavailable alone) {
            log.warn("renewing without the other nodes: {}", alone.getMessage());
            return call.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new RefreshOutcome.Transient("interrupted while another node was renewing", null);
        }
    }

    private RefreshOutcome called(String flight, RefreshClaims.Mine mine, Supplier<RefreshOutcome> call) {
        RefreshOutcome answer = told(call.get(), mine.spent());
        try {
            byte[] sealed = seal.seal(RefreshRecord.write(answer), flight);
            boolean renewed = answer instanceof RefreshOutcome.Refreshed;
            claims.answer(flight, mine.ticket(), sealed, renewed, RefreshFlights.keepFor(answer));
        } catch (RefreshClaims.Unavailable alone) {
            log.warn("the other nodes do not learn of a renewal: {}", alone.getMessage());
        }
        return answer;
    }

    /** A refusal of a token that we traded ourselves has a name of its own: somebody holds a copy. */
    private static RefreshOutcome told(RefreshOutcome answer, boolean spent) {
        return spent
                        && answer instanceof RefreshOutcome.Terminal terminal
                        && terminal.code().equals("invalid_grant")
                ? new RefreshOutcome.Terminal(RenewalOutcome.REUSED)
                : answer;
    }

    private Optional<RefreshOutcome> opened(RefreshClaims.Answered answered, String flight) {
        Optional<RefreshOutcome> answer =
                seal.open(answered.sealed(), flight).flatMap(opened -> RefreshRecord.read(opened.content()));
        if (answer.isEmpty()) {
            log.error("another node's renewal cannot be read; check that all nodes have the same cookie passwords");
        }
        return answer;
    }
}
