package dev.lockstep.session;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.PurposeSeal;
import dev.lockstep.session.sealing.SealedSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionReaderTest {
    private final SessionKit kit = new SessionKit();

    @Test
    void aSignedInPersonIsKnownFromTheCookieAlone() {
        SessionOutcome.Valid valid = valid(read(kit.cookie(MINT.token(now()))));
        assertThat(valid.caller().user()).isEqualTo(new UserId("user_1"));
        assertThat(valid.caller().session()).isEqualTo(new SessionId("session_1"));
        assertThat(valid.sealedWithOldKey()).isFalse();
        assertThat(kit.keySource.calls()).isOne();
    }

    @Test
    void noCookieAndAnEmptyCookieAreNobody() {
        assertThat(kit.reader.read(List.of())).isInstanceOf(SessionOutcome.Absent.class);
        assertThat(read("")).isInstanceOf(SessionOutcome.Absent.class);
        assertThat(kit.keySource.calls()).isZero();
    }

    @Test
    void twoCookiesOfTheSameNameAreBothIgnored() {
        String cookie = kit.cookie(MINT.token(now()));
        assertThat(kit.reader.read(List.of(cookie, cookie))).isEqualTo(new SessionOutcome.Tampered("cookie.duplicate"));
    }

    @Test
    void aSealedUserWhoIsNotTheTokensSubjectIsRefused() {
        assertThat(read(kit.cookie(SessionKit.session(MINT.token(now()), "user_2"))))
                .isEqualTo(new SessionOutcome.Tampered("user.mismatch"));
        kit.clock.advance(Duration.ofMinutes(10));
        assertThat(read(kit.cookie(SessionKit.session(MINT.token(now().minusSeconds(600)), "user_2"))))
                .isEqualTo(new SessionOutcome.Tampered("user.mismatch"));
    }

    @Test
    void aFlippedCookieIsTamperedAndAsksNobody() {
        String cookie = kit.cookie(MINT.token(now()));
        valid(read(cookie));
        int calls = kit.keySource.calls();
        for (int at = 0; at < cookie.length(); at++) {
            char other = cookie.charAt(at) == 'A' ? 'B' : 'A';
            assertThat(read(cookie.substring(0, at) + other + cookie.substring(at + 1)))
                    .isInstanceOf(SessionOutcome.Tampered.class);
        }
        assertThat(kit.keySource.calls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @CsvSource({"1799, true", "1801, false"})
    void aSessionThatNobodyUsedForTheIdleLimitIsOver(long afterTheTokensEnd, boolean goesOn) {
        SessionReader reader = kit.readerWith(SessionReader.Settings.DEFAULT.withIdle(Duration.ofMinutes(30)));
        String cookie = kit.cookie(MINT.token(now()));
        kit.clock.advance(Duration.ofSeconds(300 + afterTheTokensEnd));
        assertThat(reader.read(List.of(cookie)))
                .isInstanceOf(goesOn ? SessionOutcome.NeedsRefresh.class : SessionOutcome.Expired.class);
    }

    @Test
    void aLoginAttemptsSealIsNoSession() {
        String flow = new PurposeSeal(kit.keys, "login-flow", kit.clock, kit.random)
                .seal("{}".getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(10));
        assertThat(read(flow)).isEqualTo(new SessionOutcome.Tampered("seal.integrity"));
    }

    @Test
    void aForgedTokenInAGenuineSealIsRefused() {
        assertThat(read(kit.cookie(TokenMint.withKey("key_1").token(now()))))
                .isEqualTo(new SessionOutcome.Tampered("token.signature"));
        assertThat(read(kit.cookie("not.a.token"))).isEqualTo(new SessionOutcome.Tampered("token.malformed"));
    }

    @ParameterizedTest
    @CsvSource({"300, 269, false", "300, 271, true", "600, 539, false", "600, 541, true", "301, 240, false"})
    void aTokenIsRenewedAMinuteOrHalfAMinuteBeforeItsEnd(long life, long after, boolean renew) {
        String cookie = kit.cookie(
                MINT.token(now(), c -> c.put("exp", now().plusSeconds(life).getEpochSecond())));
        kit.clock.advance(Duration.ofSeconds(after));
        SessionOutcome outcome = read(cookie);
        assertThat(outcome instanceof SessionOutcome.NeedsRefresh).isEqualTo(renew);
        assertThat(outcome instanceof SessionOutcome.Valid).isEqualTo(!renew);
    }

    @Test
    void aWindowOfZeroNeverRenewsAhead() {
        SessionReader reader = kit.readerWith(new SessionReader.Settings(Duration.ZERO, 10));
        String cookie = kit.cookie(MINT.token(now()));
        kit.clock.advance(Duration.ofSeconds(299));
        assertThat(reader.read(List.of(cookie))).isInstanceOf(SessionOutcome.Valid.class);
    }

    @Test
    void anExpiredTokenNeedsRefreshAndMayNotBeServed() {
        String cookie = kit.cookie(MINT.token(now()));
        kit.clock.advance(Duration.ofSeconds(329));
        assertThat(needed(read(cookie)).tokenStillValid()).isTrue();
        kit.clock.advance(Duration.ofSeconds(1));
        assertThat(needed(read(cookie)).tokenStillValid()).isFalse();
    }

    @Test
    void anExpiredTokenWithoutARefreshTokenIsTheEnd() {
        var session = new SealedSession(MINT.token(now()), null, SessionKit.user("user_1"), null, null, null);
        String cookie = kit.cookie(session);
        kit.clock.advance(Duration.ofSeconds(290));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Valid.class);
        kit.clock.advance(Duration.ofMinutes(5));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Expired.class);
    }

    @Test
    void theSealsOwnEndHoldsForARememberedCookieToo() {
        String cookie = kit.cookie(
                MINT.token(now(), c -> c.put("exp", now().plusSeconds(3600).getEpochSecond())));
        valid(read(cookie));
        kit.clock.advance(Duration.ofDays(7).plusMinutes(1));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Expired.class);
    }

    @Test
    void aRevokedSessionIsRefusedAtOnceAlthoughItsCookieWasRemembered() {
        String cookie = kit.cookie(MINT.token(now()));
        valid(read(cookie));
        kit.revocations.revokeSession(new SessionId("session_1"));
        assertThat(read(cookie)).isEqualTo(new SessionOutcome.Revoked(new SessionId("session_1")));
        kit.clock.advance(Duration.ofMinutes(10));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Revoked.class);
    }

    @Test
    void aDeletedUserAndAnEndedMembershipAreRefusedUntilATokenIsNewer() {
        Instant start = now();
        String cookie = kit.cookie(MINT.token(start, c -> c.put("org_id", "org_1")));
        kit.revocations.revokeMembership(new UserId("user_1"), new OrganizationId("org_2"), now());
        valid(read(cookie));
        kit.revocations.revokeMembership(new UserId("user_1"), new OrganizationId("org_1"), now().plusMillis(500));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Revoked.class);
        kit.clock.advance(Duration.ofSeconds(1));
        valid(read(kit.cookie(MINT.token(now(), c -> c.put("org_id", "org_1")))));
        kit.revocations.revokeUser(new UserId("user_1"), now());
        assertThat(read(kit.cookie(MINT.token(now())))).isInstanceOf(SessionOutcome.Revoked.class);
    }

    @Test
    void keysOutOfReachAreNoVerdict() {
        kit.keySource.goDown();
        String cookie = kit.cookie(MINT.token(now()));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.CannotVerify.class);
        assertThat(kit.reader.sessionToEnd(List.of(cookie))).contains(new SessionId("session_1"));
        kit.keySource.comeBack();
        kit.clock.advance(Duration.ofSeconds(5));
        valid(read(cookie));
    }

    @Test
    void anHourWithoutKeysChangesNothingForAnybody() {
        valid(read(kit.cookie(MINT.token(now()))));
        kit.keySource.goDown();
        for (int minute = 0; minute < 60; minute++) {
            kit.clock.advance(Duration.ofMinutes(1));
            valid(read(kit.cookie(MINT.token(now()))));
        }
        assertThat(kit.keySource.calls()).isLessThan(70);
    }

    @Test
    void aTokenUnderAWithdrawnKeyIsRenewedNotBelieved() {
        String cookie = kit.cookie(
                MINT.token(now(), c -> c.put("exp", now().plusSeconds(3600).getEpochSecond())));
        valid(read(cookie));
        TokenMint next = TokenMint.withKey("key_2");
        kit.keySource.publish(next.document());
        kit.clock.advance(Duration.ofMinutes(10));
        assertThat(needed(read(cookie)).tokenStillValid()).isFalse();
        valid(read(kit.cookie(next.token(now()))));
        kit.revocations.revokeSession(new SessionId("session_1"));
        assertThat(read(cookie)).isInstanceOf(SessionOutcome.Revoked.class);
    }

    @Test
    void aCookieUnderAnOldPasswordWorksAndAsksToBeSealedAgain() {
        CookieKeys both = CookieKeys.of(List.of("the-next-cookie-password-of-enough-length", SessionKit.PASSWORD));
        var reader = new SessionReader(
                kit.sealer(both), kit.verifier, kit.revocations, SessionReader.Settings.DEFAULT, kit.clock);
        String cookie = kit.cookie(MINT.token(now()));
        assertThat(valid(reader.read(List.of(cookie))).sealedWithOldKey()).isTrue();
        assertThat(valid(reader.read(List.of(cookie))).sealedWithOldKey()).isTrue();
    }

    @Test
    void theSealKnowsTheImpersonatorsReason() {
        var session = new SealedSession(
                MINT.token(now()),
                "rt",
                SessionKit.user("user_1"),
                new Impersonator("op@workos.test", "help"),
                null,
                null);
        assertThat(valid(read(kit.cookie(session))).caller().impersonator())
                .isEqualTo(new Impersonator("op@workos.test", "help"));
    }

    @Test
    void signingOutFindsTheSessionOfAnExpiredTokenButNotOfAForeignSeal() {
        String cookie = kit.cookie(MINT.token(now()));
        kit.clock.advance(Duration.ofDays(2));
        assertThat(kit.reader.sessionToEnd(List.of(cookie))).contains(new SessionId("session_1"));
        assertThat(kit.reader.sessionToEnd(List.of(cookie.replace("~2", "~1")))).isEmpty();
        assertThat(kit.reader.sessionToEnd(List.of())).isEmpty();
    }

    private SessionOutcome read(String cookie) {
        return kit.reader.read(List.of(cookie));
    }

    private Instant now() {
        return kit.clock.instant();
    }

    private static SessionOutcome.Valid valid(SessionOutcome outcome) {
        assertThat(outcome).isInstanceOf(SessionOutcome.Valid.class);
        return (SessionOutcome.Valid) outcome;
    }

    private static SessionOutcome.NeedsRefresh needed(SessionOutcome outcome) {
        assertThat(outcome).isInstanceOf(SessionOutcome.NeedsRefresh.class);
        return (SessionOutcome.NeedsRefresh) outcome;
    }
}
