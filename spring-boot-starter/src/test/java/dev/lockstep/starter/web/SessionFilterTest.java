package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.RenewalListener;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionGate;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeySource;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import dev.lockstep.starter.SessionSightings;
import dev.lockstep.starter.Signals;
import dev.lockstep.starter.TestTokens;
import dev.lockstep.store.Database;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.authentication.ApiKeysApi;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Every outcome of a session at the door: who the request speaks for, what goes back, what is counted. */
class SessionFilterTest {
    private static final TestTokens TOKENS = new TestTokens();

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final CookieSettings settings = CookieSettings.at("https://app.example.test");
    private final SessionCookies cookies = new SessionCookies(settings);
    private final SessionSealer sealer = new SessionSealer(
            CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters")),
            settings.name(),
            settings.maxAge(),
            clock,
            new SecureRandom());
    private final Revocations revocations = new Revocations(clock);
    private final Signals signals = new Signals();
    private final SessionSightings sightings = new SessionSightings(
            new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nothing")), clock, user -> {});
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/x");
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private AccessTokenVerifier verifier = TOKENS.verifier(clock);
    private RefreshOutcome answer = new RefreshOutcome.Transient("nobody answers", null);

    private RequestCaller pass() throws Exception {
        var keeper = SessionKeeper.inCookies(sealer);
        var reader = new SessionReader(keeper, verifier, revocations, SessionReader.Settings.DEFAULT, clock);
        var refresher = new SessionRefresher((token, organization) -> answer, verifier, clock);
        var gate = new SessionGate(reader, refresher, keeper, cookies, RenewalListener.NONE);
        var chain = new MockFilterChain();
        new SessionFilter(gate, machines(), sightings, new ClientAddress(0), signals.sessions())
                .doFilter(request, response, chain);
        assertThat(chain.getRequest()).as("the filter refuses nobody").isSameAs(request);
        return RequestCaller.of(request);
    }

    private static MachineCallers machines() {
        return new MachineCallers(new ApiKeysApi(null), SettableClock.at("2026-11-21T10:00:00Z"));
    }

    private void comesWith(String token) {
        var session = new SealedSession(
                token, "rt_1", UserJson.parse("{\"id\":\"user_1\"}").orElseThrow(), null, "Password", null);
        request.addHeader("Cookie", "wos-session=" + ((SealOutcome.Sealed) sealer.seal(session)).value());
    }

    private String fresh() {
        return TOKENS.token("user_1", "session_1", clock.instant(), Map.of());
    }

    private void isSignedIn(RequestCaller caller) {
        assertThat(caller)
                .isInstanceOfSatisfying(
                        RequestCaller.Known.class,
                        known -> assertThat(known.caller())
                                .isInstanceOfSatisfying(
                                        Caller.SignedIn.class,
                                        person -> assertThat(person.user().value())
                                                .isEqualTo("user_1")));
        assertThat(OpenSession.of(request)).isPresent();
        isNotKept(true);
    }

    private void isNobody(RequestCaller caller, boolean cleared) {
        assertThat(caller)
                .isEqualTo(cleared ? new RequestCaller.Lost() : new RequestCaller.Known(new Caller.Anonymous()));
        assertThat(RequestCaller.caller(request)).isEqualTo(new Caller.Anonymous());
        assertThatThrownBy(() -> RequestCaller.signedIn(request))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.problem().code())
                                .isEqualTo(cleared ? "INVALID_SESSION" : "UNAUTHORIZED"));
        assertThat(OpenSession.of(request)).isEmpty();
        assertThat(response.getHeaders("Set-Cookie"))
                .hasSize(cleared ? 1 : 0)
                .allSatisfy(value -> assertThat(value).contains("Max-Age=0"));
        isNotKept(cleared);
    }

    private void isNotKept(boolean not) {
        @Nullable String cache = response.getHeader("Cache-Control");
        assertThat(cache != null && cache.contains("no-store")).isEqualTo(not);
    }

    private void counted(Signals.@Nullable Session kind) {
        for (Signals.Session each : Signals.Session.values()) {
            assertThat(signals.sessions().of(each)).as(each.name()).isEqualTo(each == kind ? 1 : 0);
        }
    }

    @Test
    void aSessionThatHoldsIsSomebodyAndItsUseIsNoted() throws Exception {
        comesWith(fresh());
        isSignedIn(pass());
        counted(Signals.Session.VALID);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();
        assertThat(sightings.isDue(new SessionId("session_1"))).isFalse();
    }

    @Test
    void aRenewedSessionGoesBackInItsCookie() throws Exception {
        comesWith(fresh());
        clock.advance(Duration.ofMinutes(6));
        answer = new RefreshOutcome.Refreshed(new AuthenticationResult(
                fresh(), "rt_2", UserJson.parse("{\"id\":\"user_1\"}").orElseThrow(), null, null, "Password"));
        isSignedIn(pass());
        counted(Signals.Session.REFRESHED);
        assertThat(response.getHeaders("Set-Cookie")).singleElement().asString().startsWith("wos-session=Fe26.2*");
    }

    @Test
    void aSessionThatCannotBeRenewedYetIsKept() throws Exception {
        comesWith(fresh());
        clock.advance(Duration.ofSeconds(280));
        isSignedIn(pass());
        counted(Signals.Session.KEPT);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();
    }

    @Test
    void aSessionThatWorkOsEndedIsTakenAway() throws Exception {
        comesWith(fresh());
        clock.advance(Duration.ofMinutes(6));
        answer = new RefreshOutcome.Terminal("invalid_grant");
        isNobody(pass(), true);
        counted(Signals.Session.ENDED);
    }

    @Test
    void aSessionThatWasEndedHereIsTakenAway() throws Exception {
        comesWith(fresh());
        revocations.revokeSession(new SessionId("session_1"));
        isNobody(pass(), true);
        counted(Signals.Session.REVOKED);
    }

    @Test
    void aSealThatRanOutIsTakenAway() throws Exception {
        comesWith(fresh());
        clock.advance(Duration.ofDays(8));
        isNobody(pass(), true);
        counted(Signals.Session.EXPIRED);
    }

    @Test
    void aForgedCookieIsTakenAway() throws Exception {
        request.addHeader("Cookie", "wos-session=forged");
        isNobody(pass(), true);
        counted(Signals.Session.TAMPERED);
    }

    @Test
    void withoutACookieNothingIsSaidAndNothingIsCounted() throws Exception {
        request.addHeader("Cookie", "theme=dark");
        isNobody(pass(), false);
        counted(null);
    }

    @Test
    void anOutageOfTheKeysIsNoVerdictAndKeepsTheCookie() throws Exception {
        comesWith(fresh());
        verifier = new AccessTokenVerifier(
                new SigningKeys(
                        () -> {
                            throw new SigningKeySource.Unreachable("the key server answered 503", null);
                        },
                        clock),
                TokenSettings.of("client_test", List.of("https://api.workos.com")),
                clock);
        assertThat(pass()).isInstanceOf(RequestCaller.CannotVerify.class);
        counted(Signals.Session.CANNOT_VERIFY);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();
        assertThat(OpenSession.of(request)).isEmpty();
        isNotKept(true);
    }

    @Test
    void anApiKeyIsPresentedWhereThereIsNoSession() throws Exception {
        request.addHeader("Authorization", "Bearer sk_test_of_a_program");
        assertThat(pass())
                .isInstanceOfSatisfying(
                        RequestCaller.Presented.class,
                        presented -> assertThat(presented.key()).isEqualTo("sk_test_of_a_program"));
        assertThat(pass()).hasToString("Presented[redacted]");
    }

    @Test
    void aSessionOutweighsAnApiKey() throws Exception {
        comesWith(fresh());
        request.addHeader("Authorization", "Bearer sk_test_of_a_program");
        isSignedIn(pass());
    }
}
