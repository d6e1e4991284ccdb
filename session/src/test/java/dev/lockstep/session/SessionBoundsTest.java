package dev.lockstep.session;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.keeping.KeepOutcome;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.kit.FakeStoredSessions;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.problem.SessionProblem;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealFault;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last value that is taken and the first that is not, and the ways through a session that are seldom gone. */
class SessionBoundsTest {
    private final SessionKit kit = new SessionKit();
    private final FakeStoredSessions table = new FakeStoredSessions();
    private final List<String> heard = new ArrayList<>();
    private RefreshOutcome answer = new RefreshOutcome.Transient("WorkOS answered 502", null);

    @ParameterizedTest
    @CsvSource({"59, false", "60, true", "34560000, true", "34560001, false"})
    void aCookieLivesAMinuteAtLeastAndFourHundredDaysAtMost(long seconds, boolean taken) {
        if (taken) {
            assertThat(settings("wos-session", "https://app.example.test", seconds)
                            .maxAge())
                    .hasSeconds(seconds);
        } else {
            assertThatThrownBy(() -> settings("wos-session", "https://app.example.test", seconds))
                    .isInstanceOf(SessionProblem.class);
        }
    }

    @Test
    void aHostCookieIsForHttpsOnOneHost() {
        assertThat(settings("__Host-session", "https://app.example.test", 600).secure())
                .isTrue();
        assertThatThrownBy(() -> settings("__Host-session", "http://localhost:8080", 600))
                .hasMessageContaining("__Host-");
        assertThatThrownBy(() -> new CookieSettings(
                        "__Host-session",
                        "https://app.example.test",
                        Duration.ofDays(1),
                        CookieSettings.SameSite.LAX,
                        "example.test"))
                .hasMessageContaining("__Host-");
    }

    @Test
    void anAddressLosesItsLastSlashAndNothingElse() {
        assertThat(CookieSettings.at("https://app.example.test/").origin()).isEqualTo("https://app.example.test");
        assertThat(CookieSettings.at("https://app.example.test").origin()).isEqualTo("https://app.example.test");
    }

    private static CookieSettings settings(String name, String url, long seconds) {
        return new CookieSettings(name, url, Duration.ofSeconds(seconds), CookieSettings.SameSite.LAX, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a=b`|`[Pair[a]=b]`",
                "`a=b;c=`|`[Pair[a]=b, Pair[c]=]`",
                "`=b; ;a`|`[]`",
                "`a=\"b\"`|`[Pair[a]=b]`",
                "`a=\"`|`[Pair[a]=\"]`",
                "`a=%41%4`|`[Pair[a]=%41%4]`",
                "`a=%41%`|`[Pair[a]=%41%]`",
                "`a=x%41`|`[Pair[a]=xA]`",
                "`a=%7E%7e`|`[Pair[a]=~~]`",
                "`a=b; a==`|`[Pair[a]=b, Pair[a]==]`"
            })
    void aCookieHeaderIsReadToItsLastCharacter(String header, String pairs) {
        assertThat(SessionCookies.parse(List.of(header)).stream()
                        .map(pair -> pair + "=" + pair.value())
                        .toList())
                .hasToString(pairs);
    }

    @Test
    void aRefusedRenewalOfATokenThatStillCountsIsToldAsPassing() {
        SessionGate gate = gate();
        String cookie = kept();
        kit.clock.advance(Duration.ofSeconds(280));
        assertThat(gate.admit(List.of("wos-session=" + cookie)))
                .isInstanceOfSatisfying(
                        Admission.SignedIn.class, in -> assertThat(in.how()).isEqualTo(Admission.How.KEPT));
        assertThat(heard).containsExactly("true WorkOS answered 502");
    }

    @Test
    void aSessionThatWorkOsEndedLeavesTheTable() {
        SessionGate gate = gate();
        String cookie = kept();
        kit.clock.advance(Duration.ofMinutes(6));
        answer = new RefreshOutcome.Terminal("invalid_grant");
        assertThat(gate.admit(List.of("wos-session=" + cookie))).isInstanceOf(Admission.Nobody.class);
        assertThat(table.rows).isEmpty();
        assertThat(heard).containsExactly("false invalid_grant");
    }

    @Test
    void aRowThatWasTamperedWithIsUnreadableAndNoSession() {
        String cookie = kept();
        table.rows.replaceAll((key, row) -> {
            byte[] changed = row.sealed().clone();
            changed[changed.length - 1] ^= 1;
            return new dev.lockstep.session.keeping.StoredSessions.Row(
                    key, row.session(), row.user(), changed, row.issuedAt(), row.expiresAt());
        });
        assertThat(keeper().open(cookie)).isEqualTo(new OpenOutcome.Unreadable(SealFault.INTEGRITY));
    }

    @Test
    void aValidSessionIsRenewedOnDemandAndABrokenCallIsAnOutage() {
        SealedSession session = fresh();
        var valid = new SessionOutcome.Valid(session, token(session), false);
        assertThat(refresher().renewNow(valid))
                .isEqualTo(new RenewalOutcome.Kept(session, token(session), "WorkOS answered 502", null));
    }

    @Test
    void theOrganizationThatWasSealedComesBack() {
        var session = new SealedSession(
                MINT.token(kit.clock.instant()),
                null,
                SessionKit.user("user_1"),
                null,
                null,
                new OrganizationId("org_1"));
        assertThat(((OpenOutcome.Opened) kit.sealer(kit.keys).open(kit.cookie(session)))
                        .session()
                        .organizationId())
                .isEqualTo(new OrganizationId("org_1"));
    }

    @Test
    void aFlagIsTrueOnlyWhenItSaysTrue() {
        for (String value : List.of("false", "\"true\"", "1", "null")) {
            assertThat(dev.lockstep.session.sealing.UserJson.parse(
                                    "{\"id\":\"user_1\",\"emailVerified\":" + value + "}")
                            .orElseThrow()
                            .flag("emailVerified"))
                    .as(value)
                    .isFalse();
        }
        assertThat(SessionKit.user("user_1").flag("emailVerified")).isFalse();
        assertThat(dev.lockstep.session.sealing.UserJson.parse("{\"id\":\"user_1\",\"emailVerified\":true}")
                        .orElseThrow()
                        .flag("emailVerified"))
                .isTrue();
    }

    @Test
    void anEndedSessionIsKnownByItsIdToo() {
        kit.revocations.revokeSession(new SessionId("session_1"));
        assertThat(kit.revocations.isRevoked(new SessionId("session_1"))).isTrue();
        assertThat(kit.revocations.isRevoked(new SessionId("session_2"))).isFalse();
    }

    private SealedSession fresh() {
        return SessionKit.session(MINT.token(kit.clock.instant()), "user_1");
    }

    private static AccessToken token(SealedSession session) {
        return AccessTokenVerifier.claimsWithoutProof(session.accessToken()).orElseThrow();
    }

    private String kept() {
        SealedSession session = fresh();
        return ((KeepOutcome.Kept) keeper().keep(session, token(session), null)).value();
    }

    private SessionKeeper keeper() {
        return SessionKeeper.with(
                kit.sealer(kit.keys),
                kit.keys,
                table,
                SessionKeeper.Place.ALWAYS,
                Duration.ofDays(7),
                new SessionKeeper.Sources(kit.clock, kit.random));
    }

    private SessionRefresher refresher() {
        return new SessionRefresher((token, organization) -> answer, kit.verifier, kit.clock);
    }

    private SessionGate gate() {
        SessionKeeper keeper = keeper();
        var reader =
                new SessionReader(keeper, kit.verifier, kit.revocations, SessionReader.Settings.DEFAULT, kit.clock);
        return new SessionGate(reader, refresher(), keeper, kit.cookies, new RenewalListener() {
            @Override
            public void notRenewed(AccessToken token, String reason, boolean isTransient) {
                heard.add(isTransient + " " + reason);
            }
        });
    }
}
