package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.refresh.RefreshClaims;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.refresh.SharedFlights;
import dev.lockstep.session.refresh.TokenRefresh;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.RestSeal;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two nodes on one PostgreSQL, and a WorkOS that takes every refresh token exactly once, without any grace. */
class RefreshRaceTest {
    private static final int ROUNDS = Integer.getInteger("lockstep.race.rounds", 25);
    private static final int REQUESTS = 100;
    private static final TestTokens TOKENS = new TestTokens();
    private static final CookieKeys KEYS = CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters"));

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_sessions", Migrations::migrate);

    private final InstantSource clock = InstantSource.system();
    private final AccessTokenVerifier verifier = TOKENS.verifier(clock);
    private final StrictWorkOs workos = new StrictWorkOs();
    private Database database;

    @BeforeEach
    void open() {
        database = new Database(postgres.dataSource());
    }

    @Test
    void aHundredRequestsOnTwoNodesWithOneExpiredCookieSpendTheTokenOnceAndNobodyIsSignedOut() throws Exception {
        SessionRefresher one = node();
        SessionRefresher other = node();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                SessionOutcome.NeedsRefresh needed = expired("rt_" + round);
                var together = new CyclicBarrier(REQUESTS);
                List<Future<RenewalOutcome>> answers = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    SessionRefresher node = i % 2 == 0 ? one : other;
                    answers.add(threads.submit(() -> {
                        together.await();
                        return node.renew(needed);
                    }));
                }
                RenewalOutcome first = answers.getFirst().get();
                assertThat(first).isInstanceOf(RenewalOutcome.Renewed.class);
                for (Future<RenewalOutcome> answer : answers) {
                    assertThat(answer.get()).isEqualTo(first);
                }
            }
        }
        assertThat(workos.calls.get()).isEqualTo(ROUNDS);
    }

    @Test
    void aNodeThatStartsLaterStillGetsTheAnswerAndTheTableShowsNoToken() {
        SessionOutcome.NeedsRefresh needed = expired("rt_secret");
        RenewalOutcome first = node().renew(needed);

        assertThat(node().renew(needed)).isEqualTo(first);
        assertThat(workos.calls.get()).isOne();
        byte[] left = database.read(tx -> tx.sql("SELECT sealed FROM lockstep.refresh_flight")
                .query(byte[].class)
                .single());
        assertThat(new String(left, StandardCharsets.ISO_8859_1)).doesNotContain("rt_secret", "user_1");
        String flight = database.read(tx -> tx.sql("SELECT flight FROM lockstep.refresh_flight")
                .query(String.class)
                .single());
        assertThat(flight).doesNotContain("rt_secret");
    }

    @Test
    void aClaimIsOneNodesUntilItsLeaseEndsAndALateAnswerOfTheLoserIsNotTaken() throws Exception {
        var claims = new RefreshClaimRows(database);
        var mine = (RefreshClaims.Mine) claims.claim("flight", Duration.ofMinutes(1));
        assertThat(claims.claim("flight", Duration.ofMinutes(1))).isInstanceOf(RefreshClaims.Taken.class);

        database.write(
                tx -> tx.sql("UPDATE lockstep.refresh_flight SET until = clock_timestamp() - interval '1 second'")
                        .update());
        var next = (RefreshClaims.Mine) claims.claim("flight", Duration.ofMinutes(1));
        claims.answer("flight", mine.ticket(), new byte[] {1}, false, Duration.ofMinutes(1));
        assertThat(claims.claim("flight", Duration.ofMinutes(1))).isInstanceOf(RefreshClaims.Taken.class);
        claims.answer("flight", next.ticket(), new byte[] {2}, true, Duration.ofMinutes(1));
        assertThat(((RefreshClaims.Answered) claims.claim("flight", Duration.ofMinutes(1))).sealed())
                .containsExactly(2);
    }

    @Test
    void aTokenThatComesAgainLongAfterItWasTradedIsCalledReusedByEveryNode() {
        assertThat(node().renew(expired("rt_1"))).isInstanceOf(RenewalOutcome.Renewed.class);
        database.write(
                tx -> tx.sql("UPDATE lockstep.refresh_flight SET until = clock_timestamp() - interval '2 minutes'")
                        .update());
        assertThat(node().renew(expired("rt_1"))).isEqualTo(new RenewalOutcome.Ended(RenewalOutcome.REUSED));
        assertThat(node().renew(expired("rt_1"))).isEqualTo(new RenewalOutcome.Ended(RenewalOutcome.REUSED));
    }

    @Test
    void whileTheDatabaseIsAwayEachNodeRenewsOnItsOwn() {
        database = new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere"));
        assertThat(node().renew(expired("rt_1"))).isInstanceOf(RenewalOutcome.Renewed.class);
    }

    private SessionRefresher node() {
        var seal = new RestSeal(KEYS, "refresh-flight", new SecureRandom());
        var shared = new SharedFlights(new RefreshClaimRows(database), seal, clock, Thread::sleep);
        return new SessionRefresher(workos, verifier, clock, shared);
    }

    private SessionOutcome.NeedsRefresh expired(String refreshToken) {
        String token = TOKENS.token("user_1", "session_1", clock.instant().minusSeconds(600), Map.of());
        var session = new SealedSession(token, refreshToken, user(), null, "Password", null);
        return new SessionOutcome.NeedsRefresh(
                session, AccessTokenVerifier.claimsWithoutProof(token).orElseThrow(), false);
    }

    private static UserJson user() {
        return UserJson.parse("{\"id\":\"user_1\"}").orElseThrow();
    }

    private final class StrictWorkOs implements TokenRefresh {
        final AtomicInteger calls = new AtomicInteger();
        private final Set<String> spent = ConcurrentHashMap.newKeySet();

        @Override
        public RefreshOutcome refresh(String refreshToken, @Nullable OrganizationId organization) {
            calls.incrementAndGet();
            if (!spent.add(refreshToken)) {
                return new RefreshOutcome.Terminal("invalid_grant");
            }
            Instant now = clock.instant();
            return new RefreshOutcome.Refreshed(new AuthenticationResult(
                    TOKENS.token("user_1", "session_1", now, Map.of()),
                    refreshToken + "_next",
                    user(),
                    null,
                    null,
                    "Password"));
        }
    }
}
