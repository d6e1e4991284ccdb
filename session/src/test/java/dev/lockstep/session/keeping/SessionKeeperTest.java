package dev.lockstep.session.keeping;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.keeping.SessionKeeper.Place;
import dev.lockstep.session.kit.FakeStoredSessions;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealFault;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionKeeperTest {
    private static final String NEWER = "the-newer-cookie-password-of-32-characters";

    private final SessionKit kit = new SessionKit();
    private final FakeStoredSessions table = new FakeStoredSessions();
    private final SessionKeeper keeper = keeper(kit.keys, Place.WHEN_TOO_BIG);

    @Test
    void aSessionThatFitsStaysInItsCookieAndWorkOsLibrariesCanReadIt() {
        String value = keep(keeper, small(), null);
        assertThat(value).startsWith("Fe26.2*1*");
        assertThat(table.rows).isEmpty();
        assertThat(keeper.isReference(value)).isFalse();
    }

    @Test
    void aSessionThatIsTooBigGoesIntoTheTableAndTheCookieStaysSmall() {
        SealedSession big = big();
        String value = keep(keeper, big, null);

        assertThat(keeper.isReference(value)).isTrue();
        assertThat(value.length()).isLessThan(700);
        assertThat(table.rows).hasSize(1);
        var row = table.rows.values().iterator().next();
        assertThat(new String(row.sealed(), StandardCharsets.ISO_8859_1)).doesNotContain("rt_1", "user_1");
        assertThat(row.session()).isEqualTo(new SessionId("session_1"));
        assertThat(((OpenOutcome.Opened) keeper.open(value)).session()).isEqualTo(big);
        assertThat(reader(keeper).read(List.of(value))).isInstanceOf(SessionOutcome.Valid.class);
    }

    @Test
    void withoutATableATooBigSessionIsNotKept() {
        SessionKeeper cookies = SessionKeeper.inCookies(kit.sealer(kit.keys));
        assertThat(cookies.keep(big(), token(big()), null)).isInstanceOf(KeepOutcome.TooBig.class);
        assertThat(cookies.open(keep(keeper, big(), null))).isEqualTo(new OpenOutcome.Unreadable(SealFault.PREFIX));
    }

    @Test
    void whenItWasChosenEverySessionGoesIntoTheTableAndOldCookiesAreStillRead() {
        SessionKeeper always = keeper(kit.keys, Place.ALWAYS);
        assertThat(always.isReference(keep(always, small(), null))).isTrue();
        assertThat(always.open(kit.cookie(small()))).isInstanceOf(OpenOutcome.Opened.class);
    }

    @Test
    void aRenewedSessionGoesOnInItsRowAndAnotherNodeSeesTheNewTokenUnderTheOldValue() {
        String first = keep(keeper, big(), null);
        SessionReader otherNode = reader(keeper(kit.keys, Place.WHEN_TOO_BIG));
        assertThat(otherNode.read(List.of(first))).isInstanceOf(SessionOutcome.Valid.class);
        kit.clock.advance(Duration.ofMinutes(6));
        SealedSession renewed = big();
        String second = keep(keeper, renewed, first);

        assertThat(table.rows).hasSize(1);
        assertThat(second).isNotEqualTo(first);
        var seen = (SessionOutcome.Valid) otherNode.read(List.of(first));
        assertThat(seen.session()).isEqualTo(renewed);
    }

    @Test
    void anOlderTokenNeverReplacesANewerOne() {
        SealedSession old = big();
        String value = keep(keeper, old, null);
        kit.clock.advance(Duration.ofMinutes(2));
        SealedSession renewed = big();
        keep(keeper, renewed, value);
        keep(keeper, old, value);
        assertThat(((OpenOutcome.Opened) keeper.open(value)).session()).isEqualTo(renewed);
    }

    @Test
    void aSignInNeverGoesOnUnderAReferenceThatSomebodyPlanted() {
        String planted = keep(keeper, big(), null);
        keep(keeper, big(), null);
        assertThat(table.rows).hasSize(2);

        SealedSession other = big("session_2");
        keep(keeper, other, planted);
        assertThat(((OpenOutcome.Opened) keeper.open(planted)).session()).isNotEqualTo(other);
    }

    @Test
    void aSessionThatFitsAgainLeavesTheTable() {
        String value = keep(keeper, big(), null);
        assertThat(keep(keeper, small(), value)).startsWith("Fe26.2*");
        assertThat(table.rows).isEmpty();
        assertThat(keeper.open(value)).isInstanceOf(OpenOutcome.Expired.class);
    }

    @Test
    void aForgottenSessionIsOver() {
        String value = keep(keeper, big(), null);
        keeper.forget(value);
        assertThat(reader(keeper).read(List.of(value))).isInstanceOf(SessionOutcome.Expired.class);
    }

    @Test
    void whileTheTableIsAwayNobodyIsSignedOutAndTheSessionCanStillBeEnded() {
        String value = keep(keeper, big(), null);
        table.down = true;

        assertThat(reader(keeper).read(List.of(value))).isInstanceOf(SessionOutcome.CannotVerify.class);
        assertThat(reader(keeper).sessionToEnd(List.of(value))).contains(new SessionId("session_1"));
        assertThat(keeper.keep(big(), token(big()), value)).isInstanceOf(KeepOutcome.Unavailable.class);
        kit.revocations.revokeSession(new SessionId("session_1"));
        assertThat(reader(keeper).read(List.of(value))).isInstanceOf(SessionOutcome.Revoked.class);
    }

    @Test
    void aChangedPasswordCoversCookieAndTable() {
        String value = keep(keeper, big(), null);
        SessionKeeper rotated = keeper(CookieKeys.of(List.of(NEWER, SessionKit.PASSWORD)), Place.WHEN_TOO_BIG);
        SessionKeeper done = keeper(CookieKeys.of(List.of(NEWER)), Place.WHEN_TOO_BIG);

        var opened = (OpenOutcome.Opened) rotated.open(value);
        assertThat(opened.oldKey()).isTrue();
        String resealed = keep(rotated, opened.session(), value);
        assertThat(((OpenOutcome.Opened) rotated.open(resealed)).oldKey()).isFalse();
        assertThat(done.open(resealed)).isInstanceOf(OpenOutcome.Opened.class);
        assertThat(done.open(value)).isEqualTo(new OpenOutcome.Unreadable(SealFault.INTEGRITY));
    }

    @Test
    void aSessionSealedIntoACookieIsNoReferenceAndTheOtherWayRound() {
        String cookie = kit.cookie(small());
        String reference = keep(keeper, big(), null);

        assertThat(keeper.open(SessionKeeper.PREFIX + cookie)).isInstanceOf(OpenOutcome.Unreadable.class);
        assertThat(keeper.open(reference.substring(SessionKeeper.PREFIX.length())))
                .isInstanceOf(OpenOutcome.Unreadable.class);
    }

    @Test
    void aReferenceRunsOut() {
        String value = keep(keeper, big(), null);
        kit.clock.advance(Duration.ofDays(7).plusMinutes(2));
        assertThat(keeper.open(value)).isInstanceOf(OpenOutcome.Expired.class);
    }

    private SessionReader reader(SessionKeeper with) {
        return new SessionReader(with, kit.verifier, kit.revocations, SessionReader.Settings.DEFAULT, kit.clock);
    }

    private SessionKeeper keeper(CookieKeys keys, Place place) {
        return SessionKeeper.with(
                kit.sealer(keys),
                keys,
                table,
                place,
                Duration.ofDays(7),
                new SessionKeeper.Sources(kit.clock, kit.random));
    }

    private SealedSession small() {
        return SessionKit.session(MINT.token(kit.clock.instant()), "user_1");
    }

    private SealedSession big() {
        return big("session_1");
    }

    private SealedSession big(String session) {
        List<String> permissions = Collections.nCopies(120, "projects:a-rather-long-permission");
        return SessionKit.session(
                MINT.token(
                        kit.clock.instant(),
                        claims -> claims.putAll(java.util.Map.of("permissions", permissions, "sid", session))),
                "user_1");
    }

    private static AccessToken token(SealedSession session) {
        return AccessTokenVerifier.claimsWithoutProof(session.accessToken()).orElseThrow();
    }

    private static String keep(SessionKeeper with, SealedSession session, String before) {
        KeepOutcome outcome = with.keep(session, token(session), before);
        assertThat(outcome).isInstanceOf(KeepOutcome.Kept.class);
        return ((KeepOutcome.Kept) outcome).value();
    }
}
