package dev.lockstep.session;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.kit.FakeStoredSessions;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionGateTest {
    private final SessionKit kit = new SessionKit();
    private final FakeStoredSessions table = new FakeStoredSessions();
    private final List<String> heard = new ArrayList<>();
    private RefreshOutcome answer = new RefreshOutcome.Transient("not asked yet", null);
    private final SessionGate gate = gate(SessionKeeper.Place.WHEN_TOO_BIG);

    @Test
    void aValidSessionComesInAndNoCookieGoesBack() {
        var admitted = (Admission.SignedIn) gate.admit(cookies(fresh()));
        assertThat(admitted.token().session()).isEqualTo(new SessionId("session_1"));
        assertThat(admitted.setCookies()).isEmpty();
    }

    @Test
    void noCookieIsNobodyWithoutAReason() {
        assertThat(gate.admit(List.of())).isEqualTo(new Admission.Nobody(Admission.Loss.NONE, null, List.of()));
        assertThat(gate.admit(List.of("theme=dark")))
                .isEqualTo(new Admission.Nobody(Admission.Loss.NONE, null, List.of()));
    }

    @Test
    void aForgedCookieIsClearedAndNobodyIsAsked() {
        var nobody = (Admission.Nobody) gate.admit(List.of("wos-session=garbage"));
        assertThat(nobody.why()).isEqualTo("seal.suffix");
        assertThat(nobody.setCookies()).singleElement().asString().startsWith("wos-session=; ");
    }

    @Test
    void aRenewedSessionGoesBackInACookieAndTheListenerHearsOfIt() {
        List<String> cookies = cookies(fresh());
        kit.clock.advance(Duration.ofMinutes(6));
        answer = refreshed();
        var admitted = (Admission.SignedIn) gate.admit(cookies);
        assertThat(admitted.setCookies()).singleElement().asString().startsWith("wos-session=Fe26.2");
        assertThat(heard).containsExactly("renewed session_1");
    }

    @Test
    void anEndedSessionIsClearedAndAnOutageKeepsIt() {
        List<String> cookies = cookies(fresh());
        kit.clock.advance(Duration.ofMinutes(6));
        assertThat(gate.admit(cookies)).isInstanceOf(Admission.CannotTell.class);
        kit.clock.advance(Duration.ofSeconds(2));
        answer = new RefreshOutcome.Terminal("invalid_grant");
        var nobody = (Admission.Nobody) gate.admit(cookies);
        assertThat(nobody.why()).isEqualTo("invalid_grant");
        assertThat(nobody.setCookies()).hasSize(1);
        assertThat(heard).containsExactly("transient not asked yet", "final invalid_grant");
    }

    @Test
    void whileTheSigningKeysAreOutOfReachNoRefreshTokenIsSpent() {
        List<String> valid = cookies(fresh());
        kit.keySource.goDown();
        answer = refreshed();
        for (int i = 0; i < 100; i++) {
            assertThat(gate.admit(valid)).isInstanceOf(Admission.CannotTell.class);
        }
        assertThat(asked).isZero();
        assertThat(kit.keySource.calls()).isLessThan(3);
        assertThat(heard).isEmpty();
    }

    @Test
    void aListenerThatBreaksChangesNothing() {
        SessionGate broken = gate(SessionKeeper.Place.WHEN_TOO_BIG, new RenewalListener() {
            @Override
            public void renewed(SealedSession session, AccessToken token) {
                throw new IllegalStateException("broken");
            }
        });
        List<String> cookies = cookies(fresh());
        kit.clock.advance(Duration.ofMinutes(6));
        answer = refreshed();
        assertThat(broken.admit(cookies)).isInstanceOf(Admission.SignedIn.class);
    }

    @Test
    void aSessionOnTheServerIsRenewedInItsRow() {
        SessionGate always = gate(SessionKeeper.Place.ALWAYS);
        List<String> cookies = stored();
        kit.clock.advance(Duration.ofMinutes(6));
        answer = refreshed();
        var admitted = (Admission.SignedIn) always.admit(cookies);
        assertThat(admitted.setCookies()).singleElement().asString().startsWith("wos-session=lsr1.");
        assertThat(table.rows).hasSize(1);
        assertThat(always.admit(cookies))
                .isEqualTo(
                        new Admission.SignedIn(admitted.session(), admitted.token(), Admission.How.VALID, List.of()));
    }

    @Test
    void aSessionThatAnotherNodeRenewedMeanwhileIsNotEndedByTheOldToken() {
        SessionGate always = gate(SessionKeeper.Place.ALWAYS);
        List<String> cookies = stored();
        kit.clock.advance(Duration.ofMinutes(6));
        SealedSession newer = fresh();
        answer = new RefreshOutcome.Terminal("invalid_grant");
        whileAsked = () -> keeper(SessionKeeper.Place.ALWAYS)
                .keep(newer, claims(newer), kit.cookies.sessionValues(cookies).getFirst());

        var admitted = (Admission.SignedIn) always.admit(cookies);
        assertThat(admitted.session()).isEqualTo(newer);
        assertThat(table.rows).hasSize(1);
    }

    @Test
    void aRevokedSessionLeavesTheTable() {
        SessionGate always = gate(SessionKeeper.Place.ALWAYS);
        List<String> cookies = stored();
        kit.revocations.revokeSession(new SessionId("session_1"));
        assertThat(((Admission.Nobody) always.admit(cookies)).why()).isEqualTo("revoked");
        assertThat(table.rows).isEmpty();
    }

    private Runnable whileAsked = () -> {};
    private int asked;

    private List<String> stored() {
        SealedSession session = fresh();
        var kept = (dev.lockstep.session.keeping.KeepOutcome.Kept)
                keeper(SessionKeeper.Place.ALWAYS).keep(session, claims(session), null);
        return List.of("wos-session=" + kept.value());
    }

    private List<String> cookies(SealedSession session) {
        return List.of("theme=dark; wos-session=" + kit.cookie(session));
    }

    private SealedSession fresh() {
        return SessionKit.session(MINT.token(kit.clock.instant()), "user_1");
    }

    private static AccessToken claims(SealedSession session) {
        return dev.lockstep.session.token.AccessTokenVerifier.claimsWithoutProof(session.accessToken())
                .orElseThrow();
    }

    private RefreshOutcome refreshed() {
        return new RefreshOutcome.Refreshed(new AuthenticationResult(
                MINT.token(kit.clock.instant()), "rt_2", SessionKit.user("user_1"), null, null, "Password"));
    }

    private SessionKeeper keeper(SessionKeeper.Place place) {
        return SessionKeeper.with(
                kit.sealer(kit.keys),
                kit.keys,
                table,
                place,
                Duration.ofDays(7),
                new SessionKeeper.Sources(kit.clock, kit.random));
    }

    private SessionGate gate(SessionKeeper.Place place) {
        return gate(place, new RenewalListener() {
            @Override
            public void renewed(SealedSession session, AccessToken token) {
                heard.add("renewed " + token.session());
            }

            @Override
            public void notRenewed(AccessToken token, String reason, boolean isTransient) {
                heard.add((isTransient ? "transient " : "final ") + reason);
            }
        });
    }

    private SessionGate gate(SessionKeeper.Place place, RenewalListener listener) {
        SessionKeeper keeper = keeper(place);
        var reader =
                new SessionReader(keeper, kit.verifier, kit.revocations, SessionReader.Settings.DEFAULT, kit.clock);
        var refresher = new SessionRefresher(
                (token, organization) -> {
                    asked++;
                    whileAsked.run();
                    return answer;
                },
                kit.verifier,
                kit.clock);
        return new SessionGate(reader, refresher, keeper, kit.cookies, listener);
    }
}
