package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.method.HandlerMethod;

class SessionGuardsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final SessionGuards guards = new SessionGuards(clock);
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/danger");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    static final class Handlers {
        @RequiresRecentAuth("5m")
        public void recent() {}

        @RequiresFeature("beta")
        public void feature() {}

        @RequiresEntitlement("audit-logs")
        public void entitlement() {}

        @RefusesImpersonation
        public void personally() {}

        public void open() {}
    }

    @RequiresRecentAuth("PT1M")
    static final class Guarded {
        public void all() {}
    }

    @Test
    void aRecentSignInGoesOnAndTheBoundaryCounts() throws Exception {
        signedIn(clock.instant().minusSeconds(300), null);
        assertThat(passes(Handlers.class, "recent")).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(Handlers.class, "recent").code()).isEqualTo("REAUTHENTICATION_REQUIRED");
        assertThat(refusal(Handlers.class, "recent").next()).isEqualTo("/api/auth/login?maxAge=300");
        assertThat(refusal(Guarded.class, "all").next()).isEqualTo("/api/auth/login?maxAge=60");
    }

    @Test
    void anUnknownTimeOfSigningInCountsAsTooOld() throws Exception {
        signedIn(null, null);
        assertThat(refusal(Handlers.class, "recent").code()).isEqualTo("REAUTHENTICATION_REQUIRED");
    }

    @Test
    void aBrowserIsSentThroughWorkOsAndComesBackToWhereItWas() throws Exception {
        signedIn(clock.instant().minusSeconds(301), null);
        request.setMethod("GET");
        request.setQueryString("tab=2");
        request.addHeader("Accept", "text/html,*/*");
        assertThat(guards.preHandle(request, response, method(Handlers.class, "recent")))
                .isFalse();
        assertThat(response.getStatus()).isEqualTo(303);
        assertThat(response.getHeader("Location")).isEqualTo("/api/auth/login?maxAge=300&returnTo=%2Fdanger%3Ftab%3D2");
        assertThat(response.getHeader("Cache-Control")).contains("no-store");
    }

    @Test
    void nobodyIsToldToSignInBeforeAnythingElse() throws Exception {
        for (String name : List.of("recent", "feature", "entitlement", "personally")) {
            assertThat(refusal(Handlers.class, name).code()).isEqualTo("UNAUTHORIZED");
        }
        assertThat(passes(Handlers.class, "open")).isTrue();
    }

    @Test
    void aFeatureThatIsNotOnDoesNotExistAndAMissingEntitlementIsSaid() throws Exception {
        signedIn(clock.instant(), null);
        assertThat(passes(Handlers.class, "feature")).isTrue();
        assertThat(refusal(Handlers.class, "entitlement").code()).isEqualTo("ENTITLEMENT_MISSING");
        request.removeAttribute(OpenSession.ATTRIBUTE);
        open(token(clock.instant(), List.of("audit-logs"), List.of()), null);
        assertThat(passes(Handlers.class, "entitlement")).isTrue();
        assertThat(refusal(Handlers.class, "feature").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void anOperatorSignedInAsSomebodyElseIsRefusedWhereThePersonIsMeant() throws Exception {
        signedIn(clock.instant(), new Impersonator("op@workos.test", "help"));
        assertThat(refusal(Handlers.class, "personally").code()).isEqualTo("IMPERSONATION_REFUSED");
        assertThat(passes(Handlers.class, "feature")).isTrue();
        signedIn(clock.instant(), null);
        assertThat(passes(Handlers.class, "personally")).isTrue();
    }

    private void signedIn(@Nullable Instant authTime, @Nullable Impersonator impersonator) {
        open(token(authTime, List.of(), List.of("beta")), impersonator);
    }

    private void open(AccessToken token, @Nullable Impersonator impersonator) {
        var session = new SealedSession(
                "token", "rt", UserJson.parse("{\"id\":\"user_1\"}").orElseThrow(), impersonator, "Password", null);
        var open = new OpenSession(session, token);
        request.setAttribute(OpenSession.ATTRIBUTE, open);
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(open.caller()));
    }

    private AccessToken token(@Nullable Instant authTime, List<String> entitlements, List<String> features) {
        return new AccessToken(
                new UserId("user_1"),
                new SessionId("session_1"),
                null,
                Set.of(),
                Set.of(),
                clock.instant(),
                clock.instant().plusSeconds(300),
                authTime,
                entitlements,
                features,
                null,
                Map.of());
    }

    private boolean passes(Class<?> type, String name) throws Exception {
        return guards.preHandle(request, response, method(type, name));
    }

    private Problem refusal(Class<?> type, String name) throws Exception {
        HandlerMethod method = method(type, name);
        var thrown = new Object() {
            @Nullable
            Problem problem;
        };
        assertThatThrownBy(() -> guards.preHandle(request, response, method))
                .isInstanceOfSatisfying(Refusal.class, refusal -> thrown.problem = refusal.problem());
        return java.util.Objects.requireNonNull(thrown.problem);
    }

    private static HandlerMethod method(Class<?> type, String name) throws Exception {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return new HandlerMethod(constructor.newInstance(), type.getMethod(name));
    }
}
