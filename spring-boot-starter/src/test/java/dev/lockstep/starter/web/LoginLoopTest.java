package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.SessionCookies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LoginLoopTest {
    private final LoginLoop loop = new LoginLoop(new SessionCookies(CookieSettings.at("https://app.example.test")));

    @Test
    void theThirdArrivalWithinAMinuteIsTheLastThatIsSentOutAgain() {
        String cookie = "";
        for (int arrival = 1; arrival <= LoginLoop.MOST; arrival++) {
            assertThat(loop.isOn(request(cookie))).isFalse();
            var response = new MockHttpServletResponse();
            loop.arrived(request(cookie), response);
            String set = String.valueOf(response.getHeader("Set-Cookie"));
            assertThat(set).contains("Max-Age=60", "HttpOnly", "Secure");
            cookie = set.substring(0, set.indexOf(';'));
        }
        assertThat(loop.isOn(request(cookie))).isTrue();
        var response = new MockHttpServletResponse();
        loop.forget(request(cookie), response);
        assertThat(response.getHeader("Set-Cookie")).contains("Max-Age=0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "other=9",
                "lockstep-arrivals=",
                "lockstep-arrivals=99",
                "lockstep-arrivals=x",
                "lockstep-arrivals=9; lockstep-arrivals=9",
                "lockstep-arrivals=-1"
            })
    void whatWeDidNotWriteCountsNothing(String cookie) {
        assertThat(loop.isOn(request(cookie))).isFalse();
    }

    private static MockHttpServletRequest request(String cookie) {
        var request = new MockHttpServletRequest();
        if (!cookie.isEmpty()) {
            request.addHeader("Cookie", cookie);
        }
        return request;
    }
}
