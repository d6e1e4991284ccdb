package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowCookieTest {
    @ParameterizedTest
    @CsvSource({"'', 811c9dc5", "a, e40c292c", "foobar, bf9cf968"})
    void theNameIsTheOneWorkOsLibrariesUse(String state, String hash) {
        assertThat(FlowCookie.nameFor(state)).isEqualTo("wos-auth-verifier-" + hash);
    }
}
