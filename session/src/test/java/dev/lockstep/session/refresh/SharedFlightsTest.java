package dev.lockstep.session.refresh;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.RestSeal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedFlightsTest {
    private final SessionKit kit = new SessionKit();
    private final FakeClaims claims = new FakeClaims();
    private final AtomicInteger calls = new AtomicInteger();
    private final SharedFlights one = node(kit.keys);
    private final SharedFlights other = node(kit.keys);

    @Test
    void anotherNodeGetsTheVeryAnswerForThirtySecondsAndNothingReadableIsLeft() {
        RefreshOutcome first = one.fly("flight", this::refreshed);
        kit.clock.advance(Duration.ofSeconds(29));

        assertThat(other.fly("flight", this::refreshed)).isEqualTo(first);
        assertThat(calls.get()).isOne();
        String left = new String(claims.rows.get("flight").sealed, StandardCharsets.ISO_8859_1);
        assertThat(left).doesNotContain("rt_2", "user_1", "refreshed");
    }

    @Test
    void afterThirtySecondsANodeAsksForItself() {
        one.fly("flight", this::refreshed);
        kit.clock.advance(Duration.ofSeconds(30));
        other.fly("flight", this::refreshed);
        assertThat(calls.get()).isEqualTo(2);
    }

    @Test
    void aTokenThatWasTradedLongAgoAndIsRefusedNowHasANameOfItsOwnOnEveryNode() {
        RefreshOutcome refusal = new RefreshOutcome.Terminal("invalid_grant");
        one.fly("flight", this::refreshed);
        kit.clock.advance(Duration.ofMinutes(1));
        RefreshOutcome reused = new RefreshOutcome.Terminal(RenewalOutcome.REUSED);
        assertThat(one.fly("flight", () -> refusal)).isEqualTo(reused);
        assertThat(other.fly("flight", () -> refusal)).isEqualTo(reused);
    }

    @Test
    void onlyARefusalOfATradedTokenIsCalledReuse() {
        RefreshOutcome refusal = new RefreshOutcome.Terminal("invalid_grant");
        assertThat(one.fly("never traded", () -> refusal)).isEqualTo(refusal);
        one.fly("flight", this::refreshed);
        kit.clock.advance(Duration.ofMinutes(1));
        RefreshOutcome outage = new RefreshOutcome.Transient("WorkOS answered 502", null);
        assertThat(one.fly("flight", () -> outage)).isEqualTo(outage);
        RefreshOutcome sso = new RefreshOutcome.Terminal("sso_required");
        kit.clock.advance(Duration.ofMinutes(1));
        assertThat(one.fly("flight", () -> sso)).isEqualTo(sso);
    }

    @Test
    void everyKindOfAnswerReachesTheOtherNodeUnchanged() {
        for (RefreshOutcome outcome : List.of(
                new RefreshOutcome.Terminal("invalid_grant"),
                new RefreshOutcome.Declined("access_denied"),
                new RefreshOutcome.Transient("WorkOS answered 502", null),
                new RefreshOutcome.Transient("asked to wait", Duration.ofSeconds(7)))) {
            String flight = outcome.toString();
            one.fly(flight, () -> outcome);
            assertThat(other.fly(flight, this::refreshed)).isEqualTo(outcome);
        }
        assertThat(calls.get()).isZero();
    }

    @Test
    void anotherNodeWaitsForTheOneThatIsAtIt() {
        claims.rows.put("flight", new Held("elsewhere", kit.clock.instant().plus(SharedFlights.LEASE)));
        var answer = new RefreshOutcome.Terminal("invalid_grant");
        claims.whilePausing = paused -> {
            if (paused == 3) {
                claims.rows.get("flight").sealed = sealed(answer);
            }
        };
        assertThat(one.fly("flight", this::refreshed)).isEqualTo(answer);
        assertThat(calls.get()).isZero();
        assertThat(claims.pauses).isEqualTo(3);
    }

    @Test
    void whoeverWaitsTakesOverFromANodeThatDiedInTheMiddle() {
        claims.rows.put("flight", new Held("dead", kit.clock.instant().plus(SharedFlights.LEASE)));
        claims.whilePausing = paused -> kit.clock.advance(Duration.ofSeconds(1));
        assertThat(one.fly("flight", this::refreshed)).isInstanceOf(RefreshOutcome.Refreshed.class);
        assertThat(calls.get()).isOne();
    }

    @Test
    void theAnswerOfANodeThatLostItsClaimIsNotLeftForOthers() {
        RefreshOutcome late = one.fly("flight", () -> {
            claims.rows.put("flight", new Held("newer", kit.clock.instant().plus(SharedFlights.LEASE)));
            return refreshed();
        });
        assertThat(late).isInstanceOf(RefreshOutcome.Refreshed.class);
        assertThat(claims.rows.get("flight").sealed).isNull();
    }

    @Test
    void withoutTheTableEachNodeIsOnItsOwn() {
        claims.down = true;
        assertThat(one.fly("flight", this::refreshed)).isInstanceOf(RefreshOutcome.Refreshed.class);
        assertThat(other.fly("flight", this::refreshed)).isInstanceOf(RefreshOutcome.Refreshed.class);
        assertThat(calls.get()).isEqualTo(2);
    }

    @Test
    void aTableThatGoesAwayAfterTheCallDoesNotLoseTheAnswer() {
        assertThat(one.fly("flight", () -> {
                    claims.down = true;
                    return refreshed();
                }))
                .isInstanceOf(RefreshOutcome.Refreshed.class);
    }

    @Test
    void anAnswerThatCannotBeOpenedIsAskedForAgain() {
        one.fly("flight", this::refreshed);
        SharedFlights stranger = node(CookieKeys.of(List.of("another-cookie-password-of-32-characters!")));
        assertThat(stranger.fly("flight", this::refreshed)).isInstanceOf(RefreshOutcome.Refreshed.class);
        assertThat(calls.get()).isEqualTo(2);
    }

    private RefreshOutcome refreshed() {
        calls.incrementAndGet();
        return new RefreshOutcome.Refreshed(new AuthenticationResult(
                MINT.token(kit.clock.instant()),
                "rt_2",
                SessionKit.user("user_1"),
                new OrganizationId("org_1"),
                new Impersonator("op@workos.test", "help"),
                "Password"));
    }

    private byte[] sealed(RefreshOutcome outcome) {
        return new RestSeal(kit.keys, "refresh", kit.random).seal(RefreshRecord.write(outcome), "flight");
    }

    private SharedFlights node(CookieKeys keys) {
        return new SharedFlights(claims, new RestSeal(keys, "refresh", kit.random), kit.clock, claims::pause);
    }

    private static final class Held {
        final String ticket;
        Instant until;
        boolean renewed;
        byte @Nullable [] sealed;

        Held(String ticket, Instant until) {
            this.ticket = ticket;
            this.until = until;
        }
    }

    private interface WhilePausing {
        void run(int pauses);
    }

    /** The table in memory, at the same clock. */
    private final class FakeClaims implements RefreshClaims {
        final Map<String, Held> rows = new HashMap<>();
        boolean down;
        int pauses;
        int tickets;
        WhilePausing whilePausing = count -> {};

        void pause(Duration duration) {
            whilePausing.run(++pauses);
        }

        @Override
        public Claim claim(String flight, Duration lease) throws Unavailable {
            check();
            Held held = rows.get(flight);
            if (held != null && kit.clock.instant().isBefore(held.until)) {
                return held.sealed == null ? new Taken() : new Answered(held.sealed);
            }
            String ticket = "ticket_" + tickets++;
            boolean spent = held != null && held.renewed;
            Held fresh = new Held(ticket, kit.clock.instant().plus(lease));
            fresh.renewed = spent;
            rows.put(flight, fresh);
            return new Mine(ticket, spent);
        }

        @Override
        public void answer(String flight, String ticket, byte[] sealed, boolean renewed, Duration keep)
                throws Unavailable {
            check();
            Held held = rows.get(flight);
            if (held != null && held.ticket.equals(ticket)) {
                held.sealed = sealed;
                held.renewed |= renewed;
                held.until = kit.clock.instant().plus(keep);
            }
        }

        private void check() throws Unavailable {
            if (down) {
                throw new Unavailable("the table is away");
            }
        }
    }
}
