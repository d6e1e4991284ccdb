package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Salts and initial values come from chance each time: without it equal sessions would be equal cookies. */
class SealRandomnessTest {
    private static final byte[] CONTENT = "the same content".getBytes(StandardCharsets.UTF_8);

    private final SessionKit kit = new SessionKit();

    @Test
    void noSaltAndNoInitialValueIsEverUsedTwice() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String[] parts = IronSeal.seal(CONTENT, kit.keys.secrets().getFirst(), null, new SecureRandom())
                    .split("\\*");
            assertThat(parts[2]).matches("[0-9a-f]{64}");
            assertThat(parts[3]).matches("[A-Za-z0-9_-]{22}");
            assertThat(parts[6]).matches("[0-9a-f]{64}");
            for (String random : List.of(parts[2], parts[3], parts[6])) {
                assertThat(seen.add(random)).isTrue();
            }
        }
    }

    @Test
    void theSameRowIsSealedDifferentlyEachTime() {
        RestSeal seal = new RestSeal(kit.keys, "a-table", new SecureRandom());
        assertThat(seal.seal(CONTENT, "place")).isNotEqualTo(seal.seal(CONTENT, "place"));
    }

    @Test
    void anAuthenticSealWhoseCiphertextIsNoneIsSaidToBeSo() {
        byte[] secret = kit.keys.secrets().getFirst();
        String genuine = IronSeal.seal(CONTENT, secret, null, new SecureRandom());
        String[] parts = genuine.substring(0, genuine.length() - 2).split("\\*", -1);
        for (String ciphertext : List.of("AAAA", "not base64!")) {
            parts[4] = ciphertext;
            String signed = String.join("*", List.of(parts).subList(0, 6));
            String mac = java.util.Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Digests.hmacSha256(
                            Digests.pbkdf2OneRound(secret, parts[6]), signed.getBytes(StandardCharsets.UTF_8)));
            assertThat(IronSeal.open(signed + "*" + parts[6] + "*" + mac + "~2", List.of(secret), Instant.EPOCH))
                    .isEqualTo(new IronSeal.Broken(SealFault.CIPHERTEXT));
        }
    }
}
