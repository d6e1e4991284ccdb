package dev.lockstep.session.refresh;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionRefresherTest {
    private final SessionKit kit = new SessionKit();
    private final FakeRefresh workos = new FakeRefresh();
    private final SessionRefresher refresher = new SessionRefresher(workos, kit.verifier, kit.clock);

    @Test
    void aHundredRequestsWithOneExpiredCookieMakeOneCallAndAllAreServed() throws Exception {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        var together = new CyclicBarrier(100);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RenewalOutcome>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return refresher.renew(needed);
                }));
            }
            RenewalOutcome.Renewed first = renewed(answers.getFirst().get());
            for (var answer : answers) {
                assertThat(renewed(answer.get()).session()).isEqualTo(first.session());
            }
        }
        assertThat(workos.calls.get()).isOne();
    }

    @Test
    void aLateLoserGetsTheSamePairForThirtySecondsAndAsksForItselfAfterwards() {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        RenewalOutcome.Renewed first = renewed(refresher.renew(needed));
        kit.clock.advance(Duration.ofSeconds(29));
        assertThat(renewed(refresher.renew(needed)).session()).isEqualTo(first.session());
        assertThat(workos.calls.get()).isOne();
        kit.clock.advance(Duration.ofSeconds(1));
        workos.answer = new RefreshOutcome.Terminal("invalid_grant");
        assertThat(refresher.renew(needed)).isEqualTo(new RenewalOutcome.Ended("invalid_grant"));
        assertThat(workos.calls.get()).isEqualTo(2);
    }

    @Test
    void theOrganizationIsCarriedOverEvenFromAnExpiredToken() {
        renewed(refresher.renew(expired("org_7")));
        assertThat(workos.organizations).containsExactly(new OrganizationId("org_7"));
    }

    @Test
    void switchingOrganizationsIsAFlightOfItsOwn() {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        renewed(refresher.renew(needed));
        renewed(refresher.switchTo(new OrganizationId("org_2"), needed.session(), needed.token()));
        assertThat(workos.organizations).containsExactly(new OrganizationId("org_1"), new OrganizationId("org_2"));
    }

    @Test
    void theNewSessionHoldsTheUserAsWorkOsKnowsThemNow() {
        RenewalOutcome.Renewed renewed = renewed(refresher.renew(expired("org_1")));
        assertThat(renewed.session().user().json()).contains("Fresh");
        assertThat(renewed.session().refreshToken()).isEqualTo("rt_2");
        assertThat(renewed.session().authenticationMethod()).isEqualTo("GoogleOAuth");
    }

    @Test
    void aFailureWithATokenThatStillCountsServesTheRequest() {
        SessionOutcome.NeedsRefresh needed = nearlyExpired();
        workos.answer = new RefreshOutcome.Transient("WorkOS answered 502 with a page", null);
        assertThat(refresher.renew(needed)).isInstanceOf(RenewalOutcome.Kept.class);
        kit.clock.advance(Duration.ofSeconds(2));
        workos.answer = new RefreshOutcome.Terminal("invalid_grant");
        assertThat(refresher.renew(needed)).isInstanceOf(RenewalOutcome.Kept.class);
    }

    @Test
    void anOutageIsNeverTheEndOfASession() {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        workos.answer = new RefreshOutcome.Transient("timed out", Duration.ofSeconds(7));
        for (int i = 0; i < 100; i++) {
            assertThat(refresher.renew(needed))
                    .isEqualTo(new RenewalOutcome.Unavailable("timed out", Duration.ofSeconds(7)));
        }
        assertThat(workos.calls.get()).isOne();
        kit.clock.advance(Duration.ofSeconds(7));
        workos.answer = null;
        renewed(refresher.renew(needed));
    }

    @Test
    void whatAnotherOrganizationAsksForNeverEndsTheSessionInThisOne() {
        SessionOutcome.NeedsRefresh needed = nearlyExpired();
        for (String code : List.of("sso_required", "mfa_enrollment", "access_denied")) {
            workos.answer = code.equals("access_denied")
                    ? new RefreshOutcome.Declined(code)
                    : new RefreshOutcome.Terminal(code);
            var kept = (RenewalOutcome.Kept)
                    refresher.switchTo(new OrganizationId("org_" + code), needed.session(), needed.token());
            assertThat(kept.refusal()).isEqualTo(code);
        }
        kit.clock.advance(Duration.ofMinutes(6));
        workos.answer = new RefreshOutcome.Terminal("sso_required");
        assertThat(refresher.switchTo(new OrganizationId("org_9"), needed.session(), needed.token()))
                .isInstanceOf(RenewalOutcome.Unavailable.class);
    }

    @Test
    void whatWorkOsDeclinesWithoutEndingTheSessionKeepsIt() {
        workos.answer = new RefreshOutcome.Declined("some_new_code");
        assertThat(refresher.renew(expired("org_1"))).isInstanceOf(RenewalOutcome.Unavailable.class);
    }

    @Test
    void aRefreshThatBreaksIsAnOutage() {
        workos.broken = true;
        assertThat(refresher.renew(expired("org_1"))).isInstanceOf(RenewalOutcome.Unavailable.class);
    }

    @Test
    void aPairForSomebodyElseEndsTheSession() {
        workos.user = "user_2";
        assertThat(refresher.renew(expired("org_1"))).isEqualTo(new RenewalOutcome.Ended("user_mismatch"));
    }

    @Test
    void aNewPairIsNotLostWhenTheKeysAreOutOfReach() {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        kit.keySource.goDown();
        kit.clock.advance(Duration.ofHours(25));
        assertThat(renewed(refresher.renew(needed)).session().refreshToken()).isEqualTo("rt_2");
    }

    @Test
    void aPairUnderAKeyNotPublishedYetIsProvedOnTheNextTry() {
        SessionOutcome.NeedsRefresh needed = expired("org_1");
        TokenMint next = TokenMint.withKey("key_2");
        workos.mint = next;
        assertThat(refresher.renew(needed)).isInstanceOf(RenewalOutcome.Unavailable.class);
        kit.keySource.publish(MINT.document(next));
        kit.clock.advance(Duration.ofSeconds(4));
        assertThat(refresher.renew(needed)).isInstanceOf(RenewalOutcome.Unavailable.class);
        kit.clock.advance(Duration.ofSeconds(1));
        renewed(refresher.renew(needed));
        assertThat(workos.calls.get()).isOne();
    }

    private SessionOutcome.NeedsRefresh expired(String organization) {
        return after(Duration.ofMinutes(6), organization);
    }

    private SessionOutcome.NeedsRefresh nearlyExpired() {
        return after(Duration.ofSeconds(280), "org_1");
    }

    private SessionOutcome.NeedsRefresh after(Duration time, String organization) {
        String cookie = kit.cookie(MINT.token(kit.clock.instant(), claims -> claims.put("org_id", organization)));
        kit.clock.advance(time);
        return (SessionOutcome.NeedsRefresh) kit.reader.read(List.of(cookie));
    }

    private static RenewalOutcome.Renewed renewed(RenewalOutcome outcome) {
        assertThat(outcome).isInstanceOf(RenewalOutcome.Renewed.class);
        return (RenewalOutcome.Renewed) outcome;
    }

    /** Answers with a new pair unless told otherwise, and remembers what it was asked. */
    private final class FakeRefresh implements TokenRefresh {
        final AtomicInteger calls = new AtomicInteger();
        final List<@Nullable OrganizationId> organizations = new ArrayList<>();
        volatile @Nullable RefreshOutcome answer;
        volatile boolean broken;
        volatile String user = "user_1";
        volatile TokenMint mint = MINT;

        @Override
        public synchronized RefreshOutcome refresh(String refreshToken, @Nullable OrganizationId organization) {
            calls.incrementAndGet();
            organizations.add(organization);
            if (broken) {
                throw new IllegalStateException("broken");
            }
            RefreshOutcome told = answer;
            return told != null ? told : fresh();
        }

        private RefreshOutcome fresh() {
            Instant now = kit.clock.instant();
            String json = "{\"id\":\"" + user + "\",\"firstName\":\"Fresh\"}";
            return new RefreshOutcome.Refreshed(new AuthenticationResult(
                    mint.token(now, claims -> claims.put("sub", user)),
                    "rt_2",
                    dev.lockstep.session.sealing.UserJson.parse(json).orElseThrow(),
                    null,
                    null,
                    "GoogleOAuth"));
        }
    }
}
