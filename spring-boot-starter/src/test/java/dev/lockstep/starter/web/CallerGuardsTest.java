package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.starter.OriginPatterns;
import dev.lockstep.starter.OwnRows;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.ServletWebRequest;

/** Who is let through to a handler, and from which page. */
class CallerGuardsTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private static final String ORIGIN = "https://app.example.test";
    private static final SessionId SESSION = new SessionId("session_1");

    private final CsrfTokens tokens =
            new CsrfTokens(CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters")));
    private final CsrfInterceptor csrf =
            new CsrfInterceptor(tokens, ORIGIN, OriginPatterns.of(List.of("https://*.partner.test")));
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/x");

    private static Caller.SignedIn ada() {
        return new Caller.SignedIn(new UserId("user_ada"), SESSION, null, Set.of(), Set.of(), null);
    }

    private void from(Caller caller) {
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(caller));
    }

    private boolean passes() {
        try {
            return csrf.preHandle(request, new MockHttpServletResponse(), new Object());
        } catch (Refusal refusal) {
            assertThat(refusal.problem().code()).isEqualTo("CSRF_FAILED");
            assertThat(refusal.problem().status().value()).isEqualTo(403);
            return false;
        }
    }

    @Test
    void aPageOfOursWithTheTokenOfItsSessionMayChangeSomething() {
        from(ada());
        request.addHeader("X-CSRF-Token", tokens.tokenFor(SESSION));
        assertThat(passes()).isTrue();
        request.addHeader("Origin", ORIGIN);
        assertThat(passes()).isTrue();
        request.addHeader("Sec-Fetch-Site", "same-origin");
        assertThat(passes()).isTrue();
    }

    @Test
    void theTokenMayStandInAFormAndTheHeaderOutweighsIt() {
        from(ada());
        request.addParameter("_csrf", tokens.tokenFor(SESSION));
        assertThat(passes()).isTrue();
        request.addHeader("X-CSRF-Token", "wrong");
        assertThat(passes()).isFalse();
    }

    @Test
    void withoutTheTokenOrWithThatOfAnotherSessionNothingIsChanged() {
        from(ada());
        assertThat(passes()).isFalse();
        request.addHeader("X-CSRF-Token", tokens.tokenFor(new SessionId("session_2")));
        assertThat(passes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", ""})
    void aPageOfAnotherSiteMayNotEvenWithTheToken(String site) {
        from(ada());
        request.addHeader("X-CSRF-Token", tokens.tokenFor(SESSION));
        request.addHeader("Sec-Fetch-Site", site);
        assertThat(passes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://evil.example", "http://app.example.test", "https://app.example.test:8443"})
    void anotherOriginMayNotEvenWithTheToken(String origin) {
        from(ada());
        request.addHeader("X-CSRF-Token", tokens.tokenFor(SESSION));
        request.addHeader("Origin", origin);
        assertThat(passes()).isFalse();
    }

    @Test
    void aPageOfANamedOriginMayWithTheTokenOnly() {
        from(ada());
        request.addHeader("Origin", "https://app.partner.test");
        request.addHeader("Sec-Fetch-Site", "cross-site");
        assertThat(passes()).isFalse();
        request.addHeader("X-CSRF-Token", tokens.tokenFor(SESSION));
        assertThat(passes()).isTrue();
    }

    @Test
    void readingAndWhoeverHasNoSessionNeedNoToken() {
        from(new Caller.Anonymous());
        assertThat(passes()).isTrue();
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.CannotVerify());
        assertThat(passes()).isTrue();
        from(ada());
        for (String method : List.of("GET", "HEAD", "OPTIONS")) {
            request.setMethod(method);
            assertThat(passes()).as(method).isTrue();
        }
        for (String method : List.of("PUT", "PATCH", "DELETE", "TRACE", "get")) {
            request.setMethod(method);
            assertThat(passes()).as(method).isFalse();
        }
    }

    /** What an application's handler may ask for. */
    static final class Handler {
        public void takes(
                @CurrentCaller Caller.SignedIn person,
                @CurrentCaller Caller.Machine program,
                @CurrentCaller Optional<Caller.SignedIn> perhaps,
                @CurrentCaller Caller anybody,
                @CurrentCaller OpenSession session,
                @CurrentCaller Person ids,
                Caller unmarked) {}
    }

    private @Nullable Object argument(int index) throws Exception {
        var method = Handler.class.getMethod(
                "takes",
                Caller.SignedIn.class,
                Caller.Machine.class,
                Optional.class,
                Caller.class,
                OpenSession.class,
                Person.class,
                Caller.class);
        var parameter = new MethodParameter(method, index);
        var resolver = new CallerArgument(new OwnRows(new Database(postgres.dataSource())));
        assertThat(resolver.supportsParameter(parameter)).isEqualTo(index < 6);
        return resolver.resolveArgument(parameter, null, new ServletWebRequest(request), null);
    }

    private void refuses(int index, int status, String code) {
        assertThatThrownBy(() -> argument(index)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.problem().status().value()).isEqualTo(status);
            assertThat(refusal.problem().code()).isEqualTo(code);
        });
    }

    @Test
    void aPersonIsGivenWhereAPersonIsWantedAndNoProgram() throws Exception {
        from(ada());
        assertThat(argument(0)).isEqualTo(ada());
        refuses(1, 401, "UNAUTHORIZED");
        assertThat(argument(2)).isEqualTo(Optional.of(ada()));
        assertThat(argument(3)).isEqualTo(ada());
        refuses(4, 401, "UNAUTHORIZED");
        refuses(5, 401, "UNAUTHORIZED");
        assertThat(argument(6)).isEqualTo(ada());
    }

    @Test
    void nobodyIsNobody() throws Exception {
        for (boolean filtered : new boolean[] {false, true}) {
            if (filtered) {
                from(new Caller.Anonymous());
            }
            refuses(0, 401, "UNAUTHORIZED");
            refuses(1, 401, "UNAUTHORIZED");
            refuses(4, 401, "UNAUTHORIZED");
            refuses(5, 401, "UNAUTHORIZED");
            assertThat(argument(2)).isEqualTo(Optional.empty());
            assertThat(argument(3)).isEqualTo(new Caller.Anonymous());
        }
    }

    @Test
    void whoCannotBeVerifiedNowIsNotCalledNobody() {
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.CannotVerify());
        for (int index : new int[] {0, 1, 2, 3, 4, 5}) {
            refuses(index, 503, "UPSTREAM_UNAVAILABLE");
        }
    }

    @Test
    void anAttributeThatIsNotOursSaysNothing() throws Exception {
        request.setAttribute(RequestCaller.ATTRIBUTE, "user_ada");
        assertThat(argument(3)).isEqualTo(new Caller.Anonymous());
        request.addHeader("x-user-id", "user_ada");
        assertThat(argument(2)).isEqualTo(Optional.empty());
    }
}
