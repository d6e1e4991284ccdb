package dev.lockstep.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lockstep.session.problem.SessionProblem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCookiesTest {
    private final SessionCookies cookies = new SessionCookies(CookieSettings.at("https://app.example.test/"));

    @Test
    void settingAndDeletingCarryTheSameAttributesAndTheValueGoesOutRaw() {
        assertThat(cookies.set("Fe26.2*1*~2"))
                .isEqualTo("wos-session=Fe26.2*1*~2; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure");
        assertThat(cookies.clear())
                .isEqualTo("wos-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure;"
                        + " Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    }

    @Test
    void onOnesOwnMachineTheCookieTravelsWithoutHttps() {
        assertThat(new SessionCookies(CookieSettings.at("http://localhost:3000")).set("v"))
                .doesNotContain("Secure");
    }

    @Test
    void aDomainStandsOnSettingAndDeleting() {
        var settings = new CookieSettings(
                "wos-session",
                "https://app.example.test",
                Duration.ofHours(1),
                CookieSettings.SameSite.STRICT,
                "example.test");
        var shared = new SessionCookies(settings);
        assertThat(shared.set("v")).contains("; SameSite=Strict; Max-Age=3600; Domain=example.test; Secure");
        assertThat(shared.clear()).contains("; SameSite=Strict; Max-Age=0; Domain=example.test; Secure");
        assertThat(shared.setFlow("f", "v", Duration.ofMinutes(10))).contains("SameSite=Lax; Max-Age=600");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wos-session=a|a",
                "x=1; wos-session=a; y=2|a",
                "x=1;wos-session=a;y=2|a",
                "wos-session=\"a\"|a",
                "wos-session=a%2Ab%7E2|a*b~2",
                "wos-session=a%2|a%2",
                "wos-session=a%zz|a%zz",
                "wos-session= a |a",
                "; ;=; =x; wos-session=a|a",
                "wos-session=a=b|a=b",
            })
    void theSessionCookieIsFoundInAHeader(String header, String value) {
        assertThat(cookies.sessionValues(List.of(header))).containsExactly(value);
    }

    @Test
    void otherCookiesAreNotTheSession() {
        assertThat(cookies.sessionValues(List.of("wos-session-2=a; xwos-session=b; WOS-SESSION=c; wos-session")))
                .isEmpty();
        assertThat(cookies.sessionValues(List.of("wos-session=a", "wos-session=b")))
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example.test",
                "http://localhost.evil.test",
                "https://app.example.test/path",
                "https://u@app.example.test",
                "https://app.example.test?x",
                "app.example.test",
                "ftp://app.example.test",
                "https:///",
                ""
            })
    void aPublicUrlThatCannotWorkIsRefused(String url) {
        assertThatExceptionOfType(SessionProblem.class).isThrownBy(() -> CookieSettings.at(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".example.test", "test", "other.test", "evil-example.test", "app.example.test.", "EXAMPLE.test"})
    void aDomainThatDoesNotCoverTheSiteIsRefused(String domain) {
        assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() -> new CookieSettings(
                        "n", "https://app.example.test", Duration.ofDays(1), CookieSettings.SameSite.LAX, domain));
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() ->
                        new CookieSettings("a name; x", "nowhere", Duration.ZERO, CookieSettings.SameSite.LAX, ".bad"))
                .satisfies(problem -> assertThat(problem.reasons()).hasSize(4));
    }
}
