package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class RateLimitsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final AtomicInteger passed = new AtomicInteger();
    private final RateLimits limits = new RateLimits(
            new ClientAddress(1), new RateLimits.Allowed(3, 5, 4, Duration.ofMinutes(1)), clock, JsonMapper.shared());

    @Test
    void theFourthSignInOfAMinuteIsRefusedWithTheTimeToWaitAndLaterOnesPassAgain() throws Exception {
        for (String path : new String[] {"/api/auth/login", "/api/auth/callback", "/callback;x=1"}) {
            assertThat(call(path, "203.0.113.1").getStatus()).isEqualTo(200);
        }
        MockHttpServletResponse refused = call("/api/auth/register", "203.0.113.1");
        assertThat(refused.getStatus()).isEqualTo(429);
        assertThat(refused.getHeader("Retry-After")).isEqualTo("20");
        assertThat(refused.getContentAsString()).contains("\"code\":\"RATE_LIMITED\"");
        assertThat(passed.get()).isEqualTo(3);
        clock.advance(Duration.ofSeconds(20));
        assertThat(call("/api/auth/login", "203.0.113.1").getStatus()).isEqualTo(200);
        assertThat(call("/api/auth/login", "203.0.113.1").getStatus()).isEqualTo(429);
    }

    @Test
    void oneAddressNeverUsesUpAnothersShareAndTheVisitorCannotChooseItsOwn() throws Exception {
        for (int i = 0; i < 10; i++) {
            call("/api/auth/login", "198.51.100." + i + ", 203.0.113.1");
        }
        assertThat(passed.get()).isEqualTo(3);
        assertThat(call("/api/auth/login", "203.0.113.2").getStatus()).isEqualTo(200);
    }

    @Test
    void aWindowOtherThanAMinuteIsWaitedFor() throws Exception {
        var quarter = new RateLimits(
                new ClientAddress(1),
                new RateLimits.Allowed(3, 5, 4, Duration.ofMinutes(15)),
                clock,
                JsonMapper.shared());
        for (int i = 0; i < 3; i++) {
            assertThat(call(quarter, "/api/auth/login", "203.0.113.1").getStatus())
                    .isEqualTo(200);
        }
        clock.advance(Duration.ofMinutes(1));
        MockHttpServletResponse refused = call(quarter, "/api/auth/login", "203.0.113.1");
        assertThat(refused.getStatus()).isEqualTo(429);
        assertThat(refused.getHeader("Retry-After")).isEqualTo("240");
        clock.advance(Duration.ofMinutes(4));
        assertThat(call(quarter, "/api/auth/login", "203.0.113.1").getStatus()).isEqualTo(200);
    }

    @Test
    void otherSessionCallsHaveALimitOfTheirOwnAndOtherAddressesNone() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(call("/api/auth/me", "203.0.113.1").getStatus()).isEqualTo(200);
        }
        assertThat(call("/api/auth/token", "203.0.113.1").getStatus()).isEqualTo(429);
        assertThat(call("/api/auth/login", "203.0.113.1").getStatus()).isEqualTo(200);
        for (int i = 0; i < 50; i++) {
            assertThat(call("/api/v1/things", "203.0.113.1").getStatus()).isEqualTo(200);
        }
    }

    @Test
    void w23AFloodOfHandshakesIsShedBeforeAnythingLooksAtIt() throws Exception {
        for (String path : new String[] {"/api/sync", "/api/1.48.0/sync", "/api/1.28.0/sync;x=1", "/api/sync"}) {
            assertThat(call(path, "203.0.113.1").getStatus()).isEqualTo(200);
        }
        MockHttpServletResponse refused = call("/api/1.48.0/sync", "203.0.113.1");
        assertThat(refused.getStatus()).isEqualTo(429);
        assertThat(refused.getHeader("Retry-After")).isEqualTo("15");
        assertThat(passed.get()).isEqualTo(4);
        assertThat(call("/api/auth/login", "203.0.113.1").getStatus()).isEqualTo(200);
        assertThat(call("/api/sync", "203.0.113.2").getStatus()).isEqualTo(200);
    }

    @Test
    void aBrowserGetsAPage() throws Exception {
        for (int i = 0; i < 3; i++) {
            call("/api/auth/login", "203.0.113.1");
        }
        var request = request("/api/auth/login", "203.0.113.1");
        request.addHeader("Accept", "text/html,*/*");
        MockHttpServletResponse refused = filter(request);
        assertThat(refused.getStatus()).isEqualTo(429);
        assertThat(refused.getContentType()).startsWith("text/html");
        assertThat(refused.getHeader("Retry-After")).isNotNull();
    }

    private MockHttpServletResponse call(RateLimits other, String path, String forwardedFor) throws Exception {
        var response = new MockHttpServletResponse();
        other.doFilter(request(path, forwardedFor), response, (in, out) -> count());
        return response;
    }

    private MockHttpServletResponse call(String path, String forwardedFor) throws Exception {
        return filter(request(path, forwardedFor));
    }

    private static MockHttpServletRequest request(String path, String forwardedFor) {
        var request = new MockHttpServletRequest("GET", path);
        request.addHeader("X-Forwarded-For", forwardedFor);
        return request;
    }

    private MockHttpServletResponse filter(MockHttpServletRequest request) throws Exception {
        var response = new MockHttpServletResponse();
        limits.doFilter(request, response, (in, out) -> count());
        return response;
    }

    private void count() throws IOException {
        passed.incrementAndGet();
    }
}
