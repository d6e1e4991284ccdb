package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.starter.TestTokens;
import dev.lockstep.testing.SettableClock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class SessionMovesTest {
    private static final TestTokens TOKENS = new TestTokens();
    private static final OrganizationId WANTED = new OrganizationId("org_2");

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final AccessTokenVerifier verifier = TOKENS.verifier(clock);
    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private RefreshOutcome answer = new RefreshOutcome.Transient("nobody answers", null);

    @Test
    void aMoveWritesTheNewSessionAndTheRestOfTheRequestIsInTheOtherOrganization() {
        answer = refreshed("org_2");
        var moved = (SessionMoves.Moved) moves().to(WANTED, open(), request, response);
        assertThat(moved.session().token().organizationId()).isEqualTo(WANTED);
        assertThat(response.getHeaders("Set-Cookie")).singleElement().asString().startsWith("wos-session=Fe26.2*");
        assertThat(OpenSession.require(request)).isEqualTo(moved.session());
    }

    @ParameterizedTest
    @CsvSource({
        "sso_required, SSO_REQUIRED, /api/auth/login?organizationId=org_2",
        "mfa_enrollment, MFA_REQUIRED, /api/auth/login?organizationId=org_2",
        "mfa_challenge, MFA_REQUIRED, /api/auth/login?organizationId=org_2",
        "access_denied, ORGANIZATION_NOT_SWITCHED,",
        "invalid_grant, ORGANIZATION_NOT_SWITCHED,"
    })
    void aRefusalSaysWhatTheOrganizationAsksForAndTheSessionStays(String refusal, String code, String next) {
        answer = refusal.equals("access_denied")
                ? new RefreshOutcome.Declined(refusal)
                : new RefreshOutcome.Terminal(refusal);
        var stays = (SessionMoves.Stays) moves().to(WANTED, open(), request, response);
        assertThat(stays.problem().code()).isEqualTo(code);
        assertThat(stays.problem().next()).isEqualTo(next);
        assertThat(stays.problem().status().value()).isEqualTo(409);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();
    }

    @Test
    void anOutageIsNoRefusal() {
        var stays = (SessionMoves.Stays) moves().to(WANTED, open(), request, response);
        assertThat(stays.problem().status().value()).isEqualTo(503);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();
    }

    @Test
    void aTokenForTheOldOrganizationIsKeptButSaidToBeNoMove() {
        answer = refreshed("org_1");
        var stays = (SessionMoves.Stays) moves().to(WANTED, open(), request, response);
        assertThat(stays.problem().code()).isEqualTo("ORGANIZATION_NOT_SWITCHED");
        assertThat(response.getHeaders("Set-Cookie")).hasSize(1);
    }

    @Test
    void aFreshTokenOnDemandIsTheOldOneDuringAnOutage() {
        OpenSession open = open();
        assertThat(moves().renewed(open, request, response)).isEqualTo(open);
        answer = refreshed("org_1");
        clock.advance(java.time.Duration.ofSeconds(2));
        assertThat(moves().renewed(open, request, response).session().refreshToken())
                .isEqualTo("rt_2");
    }

    @Test
    void aSessionThatEndedMeanwhileIsClearedOnceItsTokenIsOver() {
        OpenSession open = open();
        clock.advance(java.time.Duration.ofMinutes(10));
        answer = new RefreshOutcome.Terminal("invalid_grant");
        assertThatThrownBy(() -> moves().to(WANTED, open, request, response))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo("UNAUTHORIZED"));
        assertThat(response.getHeaders("Set-Cookie")).singleElement().asString().contains("Max-Age=0");
    }

    private RefreshOutcome refreshed(String organization) {
        return new RefreshOutcome.Refreshed(new AuthenticationResult(
                TOKENS.token("user_1", "session_1", clock.instant(), Map.of("org_id", organization)),
                "rt_2",
                user(),
                new OrganizationId(organization),
                null,
                "Password"));
    }

    private OpenSession open() {
        String token = TOKENS.token("user_1", "session_1", clock.instant(), Map.of("org_id", "org_1"));
        return new OpenSession(
                new SealedSession(token, "rt_1", user(), null, "Password", null),
                AccessTokenVerifier.claimsWithoutProof(token).orElseThrow());
    }

    private static UserJson user() {
        return UserJson.parse("{\"id\":\"user_1\"}").orElseThrow();
    }

    private SessionMoves moves() {
        var settings = CookieSettings.at("https://app.example.test");
        var keys = CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters"));
        var sealer = new SessionSealer(keys, settings.name(), settings.maxAge(), clock, new SecureRandom());
        var writer = new SessionCookieWriter(SessionKeeper.inCookies(sealer), new SessionCookies(settings));
        return new SessionMoves(new SessionRefresher((token, organization) -> answer, verifier, clock), writer);
    }
}
