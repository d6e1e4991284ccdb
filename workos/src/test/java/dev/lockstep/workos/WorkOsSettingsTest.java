package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkOsSettingsTest {
    private final WorkOsSettings settings = WorkOsSettings.of(new ApiKey("sk_test_1"), "client_1");

    @Test
    void theDefaultIsWorkOsItself() {
        assertThat(settings.baseUrl()).isEqualTo(URI.create("https://api.workos.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://auth.example.com/", "http://127.0.0.1:4100", "http://localhost:1/x/", "http://[::1]:9"})
    void anAddressLosesItsLastSlash(String url) {
        assertThat(settings.withBaseUrl(URI.create(url)).baseUrl().toString()).isEqualTo(url.replaceAll("/$", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.workos.com",
                "ftp://api.workos.com",
                "api.workos.com",
                "https://",
                "https:/x",
                "https://u:p@api.workos.com",
                "https://api.workos.com?x=1",
                "https://api.workos.com#x",
                "http://127.0.0.1.evil.test"
            })
    void anAddressThatWouldLeakTheKeyOrMeansNothingIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withBaseUrl(parse(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sk with blank", "sk\nx", "sk_ü"})
    void aKeyThatCannotBeOneIsRefusedWithoutShowingIt(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiKey(key))
                .withMessageContaining("WORKOS_API_KEY")
                .withMessageNotContaining("sk");
    }

    @Test
    void timeoutsAndRetriesThatContradictThemselvesAreRefused() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException().isThrownBy(() -> new Timeouts(second, Duration.ofSeconds(2), second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeouts(Duration.ZERO, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryRules(0, second, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryRules(2, Duration.ofSeconds(2), second, second));
    }

    @Test
    void aPauseDoublesUpToItsLimitAndIsNeverZero() {
        RetryRules rules = RetryRules.DEFAULT;

        assertThat(rules.pauseAfter(1, 0)).isEqualTo(Duration.ofMillis(250));
        assertThat(rules.pauseAfter(3, 0.999999)).isEqualTo(Duration.ofSeconds(2));
        assertThat(rules.pauseAfter(1_000, 0.999999)).isEqualTo(Duration.ofSeconds(8));
    }

    private static URI parse(String url) {
        return url.equals("https://") ? URI.create("https:///") : URI.create(url);
    }
}
