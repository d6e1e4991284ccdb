package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.starter.OriginPatterns;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class OwnCorsTest {
    private static final OriginPatterns ORIGINS =
            OriginPatterns.of(List.of("https://admin.example.com", "https://*.tenants.example.com"));

    @ParameterizedTest
    @ValueSource(strings = {"https://admin.example.com", "https://acme.tenants.example.com"})
    void aPageOfANamedOriginMayAskWithItsCookies(String origin) throws Exception {
        MockHttpServletResponse preflight = preflight(origin, "X-CSRF-Token");
        assertThat(preflight.getStatus()).isEqualTo(200);
        assertThat(preflight.getHeader("Access-Control-Allow-Origin")).isEqualTo(origin);
        assertThat(preflight.getHeader("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(preflight.getHeaders("Vary")).contains("Origin");
        assertThat(get(origin).getHeader("Access-Control-Allow-Origin")).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "https://evil.test",
                "https://admin.example.com.evil.test",
                "https://eviladmin.example.com",
                "https://a.b.tenants.example.com",
                "http://admin.example.com"
            })
    void anyOtherPageGetsNoWordOfIt(String origin) throws Exception {
        assertThat(preflight(origin, "X-CSRF-Token").getHeaderNames()).noneMatch(OwnCorsTest::isCors);
        MockHttpServletResponse answer = get(origin);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getHeaderNames()).noneMatch(OwnCorsTest::isCors);
    }

    @Test
    void aHeaderThatIsNotOursIsNotLetThrough() throws Exception {
        assertThat(preflight("https://admin.example.com", "X-Evil").getStatus()).isEqualTo(403);
    }

    @Test
    void aNamedOriginStillNeedsTheSessionsToken() {
        var tokens = new CsrfTokens(CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters")));
        var guard = new CsrfInterceptor(tokens, "https://app.example.com", ORIGINS);
        var caller =
                new Caller.SignedIn(new UserId("user_1"), new SessionId("session_1"), null, Set.of(), Set.of(), null);
        String token = tokens.tokenFor(caller.session());
        assertThat(guard.preHandle(post(caller, "https://admin.example.com", token), new MockHttpServletResponse(), ""))
                .isTrue();
        for (MockHttpServletRequest forged :
                List.of(post(caller, "https://admin.example.com", "wrong"), post(caller, "https://evil.test", token))) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> guard.preHandle(forged, new MockHttpServletResponse(), ""));
        }
    }

    private static MockHttpServletRequest post(Caller caller, String origin, String token) {
        var request = new MockHttpServletRequest("POST", "/api/auth/token");
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(caller));
        request.addHeader("Origin", origin);
        request.addHeader("Sec-Fetch-Site", "cross-site");
        request.addHeader(CsrfInterceptor.HEADER, token);
        return request;
    }

    private static MockHttpServletResponse preflight(String origin, String header) throws Exception {
        var request = new MockHttpServletRequest("OPTIONS", "/api/auth/token");
        request.addHeader("Origin", origin);
        request.addHeader("Access-Control-Request-Method", "POST");
        request.addHeader("Access-Control-Request-Headers", header);
        return through(request);
    }

    private static MockHttpServletResponse get(String origin) throws Exception {
        var request = new MockHttpServletRequest("GET", "/api/auth/me");
        request.addHeader("Origin", origin);
        return through(request);
    }

    private static MockHttpServletResponse through(MockHttpServletRequest request) throws Exception {
        var response = new MockHttpServletResponse();
        OwnCors.filter(ORIGINS).doFilter(request, response, new MockFilterChain());
        return response;
    }

    private static boolean isCors(String header) {
        return header.startsWith("Access-Control-");
    }
}
