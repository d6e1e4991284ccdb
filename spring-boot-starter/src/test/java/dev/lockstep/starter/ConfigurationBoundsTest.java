package dev.lockstep.starter;

import static dev.lockstep.starter.ConfigurationCheckTest.completeBut;
import static dev.lockstep.starter.ConfigurationCheckTest.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings at their limits: the last that is taken, the first that stops the start. */
class ConfigurationBoundsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lockstep.freshness.ask-timeout | 0s | lockstep.freshness.ask-timeout",
                "lockstep.freshness.await-timeout | -1s | lockstep.freshness.await-timeout",
                "lockstep.live.action-timeout | 0s | lockstep.live.action-timeout is not positive",
                "lockstep.live.held-snapshots | -1 | lockstep.live.held-snapshots is below 0",
                "lockstep.freshness.max-waiters | 0 | set it to 1 or more",
                "lockstep.freshness.max-staleness | 1s | even a healthy mirror is up to",
                "lockstep.auth.login-path | https://evil.example/login | is not a path of this site",
                "lockstep.public-url | ftp://app.example.com | is not an absolute http(s) address",
                "lockstep.proxy.hops | 11 | choose 0 to 10",
                "lockstep.workos.other-redirect-uris | https://evil.example/callback | cookies of this site do not reach",
                "lockstep.workos.other-redirect-uris | /callback | is not an absolute http(s) address",
                "lockstep.workos.other-redirect-uris | http://evil.example/callback | is plain http on a host"
            })
    void whatIsBeyondIsNamed(String name, String value, String why) {
        assertThat(problems(completeBut(name, value)))
                .anySatisfy(problem -> assertThat(problem).contains(why));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lockstep.freshness.max-waiters | 1",
                "lockstep.proxy.hops | 0",
                "lockstep.proxy.hops | 10",
                "lockstep.limits.sign-ins | 1",
                "WORKOS_COOKIE_PASSWORD | abcdefgh-abcdefgh-abcdefgh-abcde"
            })
    void whatIsJustWithinIsFine(String name, String value) {
        assertThat(problems(completeBut(name, value))).isEmpty();
    }

    @Test
    void anotherCallbackMayBeWhereTheCookiesReach() {
        String host = URI.create(String.valueOf(completeBut().getProperty("WORKOS_REDIRECT_URI")))
                .getHost();
        assertThat(problems(completeBut("lockstep.workos.other-redirect-uris", "https://" + host + "/other")))
                .isEmpty();
        String domain = host.substring(host.indexOf('.') + 1);
        assertThat(problems(completeBut(
                        "WORKOS_COOKIE_DOMAIN",
                        domain,
                        "lockstep.workos.other-redirect-uris",
                        "https://" + domain + "/x,https://elsewhere." + domain + "/callback")))
                .isEmpty();
        assertThat(problems(completeBut(
                        "WORKOS_COOKIE_DOMAIN",
                        domain,
                        "lockstep.workos.other-redirect-uris",
                        "https://not" + domain + "/callback")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example.com",
                "HTTPS://app.example.com",
                "http://localhost:1",
                "http://127.0.0.1",
                "http://[::1]:8080"
            })
    void nobodyListensOnTheWayThere(String address) {
        assertThat(ConfigurationCheck.isSafe(URI.create(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example.com",
                "ftp://localhost",
                "localhost",
                "http://localhost.evil.example",
                "/path"
            })
    void somebodyMayListenOnTheWayThere(String address) {
        assertThat(ConfigurationCheck.isSafe(URI.create(address))).isFalse();
    }
}
