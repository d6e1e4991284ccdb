package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestSealTest {
    private static final String OLD = "the-old-cookie-password-of-32-characters";
    private static final String NEW = "the-new-cookie-password-of-32-characters";

    private final SecureRandom random = new SecureRandom();

    @Test
    void whatWasSealedForARowOpensForThatRowOnly() {
        RestSeal seal = seal("session", OLD);
        byte[] sealed = seal.seal(bytes("tokens"), "row_1");

        assertThat(seal.open(sealed, "row_1").orElseThrow().content()).isEqualTo(bytes("tokens"));
        assertThat(seal.open(sealed, "row_2")).isEmpty();
        assertThat(seal("other-table", OLD).open(sealed, "row_1")).isEmpty();
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("tokens");
        assertThat(seal.seal(bytes("tokens"), "row_1")).isNotEqualTo(sealed);
    }

    @Test
    void anOldPasswordStillOpensAndSaysSoAndAForgottenOneDoesNot() {
        byte[] sealed = seal("session", OLD).seal(bytes("tokens"), "row_1");

        assertThat(seal("session", NEW, OLD).open(sealed, "row_1").orElseThrow().oldKey())
                .isTrue();
        assertThat(seal("session", OLD, NEW).open(sealed, "row_1").orElseThrow().oldKey())
                .isFalse();
        assertThat(seal("session", NEW).open(sealed, "row_1")).isEmpty();
    }

    @Test
    void noChangedByteOpens() {
        RestSeal seal = seal("session", OLD);
        byte[] sealed = seal.seal(bytes("tokens"), "row_1");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(seal.open(changed, "row_1")).isEmpty();
            assertThat(seal.open(Arrays.copyOf(sealed, i), "row_1")).isEmpty();
        }
    }

    private RestSeal seal(String purpose, String... passwords) {
        return new RestSeal(CookieKeys.of(List.of(passwords)), purpose, random);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
