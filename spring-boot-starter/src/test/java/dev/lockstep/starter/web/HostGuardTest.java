package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.starter.OriginPatterns;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class HostGuardTest {
    private final HostGuard guard = new HostGuard(
            OriginPatterns.of(List.of("app.example.com", "*.preview.example.net")),
            "tenants.example.com",
            false,
            List.of("/health", "/api/webhooks/workos"),
            JsonMapper.shared());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.example.com",
                "APP.example.com",
                "one.preview.example.net",
                "tenants.example.com",
                "acme.tenants.example.com"
            })
    void ourOwnNamesAreAnswered(String host) throws Exception {
        assertThat(status(host, "/api/auth/me")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.test",
                "app.example.com.evil.test",
                "evilapp.example.com",
                "example.com",
                "a.b.preview.example.net",
                "eviltenants.example.com",
                "localhost",
                "127.0.0.1",
                ""
            })
    void anyOtherNameIsMisdirected(String host) throws Exception {
        assertThat(status(host, "/api/auth/login")).isEqualTo(421);
    }

    @Test
    void probesAndWebhooksComeUnderAnyName() throws Exception {
        assertThat(status("10.0.0.7", "/health")).isEqualTo(200);
        assertThat(status("tunnel.test", "/api/webhooks/workos")).isEqualTo(200);
        assertThat(status("10.0.0.7", "/health/../api/auth/me")).isEqualTo(421);
    }

    @Test
    void onOnesOwnMachineEveryNameOfItIsOurs() throws Exception {
        var local = new HostGuard(OriginPatterns.of(List.of("localhost")), null, true, List.of(), JsonMapper.shared());
        for (String host : List.of("localhost", "127.0.0.1", "[::1]", "acme.localhost")) {
            assertThat(status(local, host, "/")).as(host).isEqualTo(200);
        }
        assertThat(status(local, "evil.test", "/")).isEqualTo(421);
    }

    private int status(String host, String path) throws IOException, ServletException {
        return status(guard, host, path);
    }

    private static int status(HostGuard guard, String host, String path) throws IOException, ServletException {
        var request = new MockHttpServletRequest("GET", path);
        request.setServerName(host);
        var response = new MockHttpServletResponse();
        guard.doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }
}
