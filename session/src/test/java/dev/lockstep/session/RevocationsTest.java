package dev.lockstep.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final Revocations revocations = new Revocations(clock, Duration.ofHours(1));

    @Test
    void anEndingIsForgottenWhenNoTokenOfItCanBeAlive() {
        revocations.revokeSession(new SessionId("session_1"));
        clock.advance(Duration.ofMinutes(59));
        revocations.prune();
        assertThat(revocations.isRevoked(new SessionId("session_1"))).isTrue();
        clock.advance(Duration.ofMinutes(1));
        revocations.prune();
        assertThat(revocations.size()).isZero();
    }

    @Test
    void unlessSaidOtherwiseAnEndingOutlivesEveryTokenTheVerifierTakes() {
        var all = new Revocations(clock);
        all.revokeSession(new SessionId("session_1"));
        clock.advance(Duration.ofHours(24).plusSeconds(119));
        all.prune();
        assertThat(all.size()).isOne();
        clock.advance(Duration.ofSeconds(1));
        all.prune();
        assertThat(all.size()).isZero();
    }

    @Test
    void endingsOfDaysDoNotPileUp() {
        for (int hour = 0; hour < 200; hour++) {
            for (int i = 0; i < 100; i++) {
                revocations.revokeSession(new SessionId("session_" + hour + "_" + i));
            }
            clock.advance(Duration.ofHours(1));
        }
        assertThat(revocations.size()).isLessThan(600);
    }

    @Test
    void anEarlierEndingToldLateDoesNotTakeBackALaterOne() {
        UserId user = new UserId("user_1");
        var token = dev.lockstep.session.token.AccessTokenVerifier.claimsWithoutProof(
                        dev.lockstep.session.kit.SessionKit.MINT.token(clock.instant()))
                .orElseThrow();
        revocations.revokeUser(user, clock.instant());
        revocations.revokeUser(user, clock.instant().minusSeconds(100));
        assertThat(revocations.isRevoked(token)).isTrue();
    }

    @Test
    void manyThreadsLoseNoEnding() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 2_000)
                    .forEach(i -> threads.submit(() -> revocations.revokeSession(new SessionId("session_" + i))));
        }
        assertThat(IntStream.range(0, 2_000).allMatch(i -> revocations.isRevoked(new SessionId("session_" + i))))
                .isTrue();
    }
}
