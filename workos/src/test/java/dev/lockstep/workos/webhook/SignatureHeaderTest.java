package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of the header at its limits. */
class SignatureHeaderTest {
    private static final String SIGNATURE = "v1=" + "0a".repeat(32);
    private static final String TIME = "t=1763683200000";

    private static boolean isRead(String header) {
        return SignatureHeader.parse(header).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v0", "a", "z", "0", "9", "_", "v1_extra", "scheme9"})
    void aSchemeThatIsNotOursIsPassedOver(String name) {
        assertThat(isRead(TIME + "," + SIGNATURE + "," + name + "=x")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"T", "V1", "v-1", "v 1", "v1\"", "é", "{", "`", "/", ":", "v.1"})
    void aNameOfOtherCharactersMakesTheHeaderWorthless(String name) {
        assertThat(isRead(TIME + "," + SIGNATURE + "," + name + "=x")).isFalse();
    }

    @Test
    void theTimeHasFifteenDigitsAtMost() {
        assertThat(isRead("t=" + "1".repeat(15) + "," + SIGNATURE)).isTrue();
        assertThat(isRead("t=" + "1".repeat(16) + "," + SIGNATURE)).isFalse();
        for (String time : new String[] {"", "-1", "1.5", " 1", "１", "1/", "1:"}) {
            assertThat(isRead("t=" + time + "," + SIGNATURE)).as(time).isFalse();
        }
    }

    @Test
    void fiveSignaturesAreReadAndSixAreNot() {
        assertThat(SignatureHeader.parse(TIME + "," + String.join(",", Collections.nCopies(5, SIGNATURE)))
                        .orElseThrow()
                        .signatures())
                .hasSize(5);
        assertThat(isRead(TIME + "," + String.join(",", Collections.nCopies(6, SIGNATURE))))
                .isFalse();
    }

    @Test
    void theHeaderIsReadUpToItsLongest() {
        String short1 = TIME + "," + SIGNATURE + ",x=";
        String longest = short1 + "y".repeat(1_024 - short1.length());
        assertThat(isRead(longest)).isTrue();
        assertThat(isRead(longest + "y")).isFalse();
    }
}
