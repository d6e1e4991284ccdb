package dev.lockstep.session.token;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** How long the keys wait after a failure, what they say meanwhile, and which keys they take. */
class KeyPatienceTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final AtomicInteger calls = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"1, 5", "5, 5", "6, 6", "60, 60", "600, 600", "36000, 600"})
    void whatTheServerAsksForIsKeptWithinBounds(long asked, long seconds) {
        SigningKeys keys = keys(() -> {
            throw new SigningKeySource.Unreachable("the key server answered 429", Duration.ofSeconds(asked));
        });
        assertThat(keys.find("key_1"))
                .isEqualTo(new SigningKeys.OutOfReach("the key server answered 429", Duration.ofSeconds(seconds)));
        clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
        keys.find("key_1");
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        keys.find("key_1");
        assertThat(calls).hasValue(2);
    }

    @Test
    void everyKindOfFailureIsSaidAndNothingIsAskedInAHurry() {
        for (SigningKeySource broken : List.<SigningKeySource>of(() -> "{\"keys\":[]}", () -> "not json", () -> {
            throw new IllegalStateException("secret inside");
        })) {
            calls.set(0);
            SigningKeys keys = keys(broken);
            for (int i = 0; i < 3; i++) {
                assertThat(keys.find("key_1")).isInstanceOfSatisfying(SigningKeys.OutOfReach.class, out -> {
                    assertThat(out.reason()).containsAnyOf("no RSA signing key", "IllegalStateException");
                    assertThat(out.reason()).doesNotContain("secret");
                    assertThat(out.retryAfter()).isEqualTo(Duration.ofSeconds(5));
                });
            }
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void theGenerationGrowsWithOtherKeysOnly() {
        var kit = new SessionKit();
        SigningKeys keys = new SigningKeys(kit.keySource, kit.clock);
        assertThat(keys.generation()).isEqualTo(1);
        kit.clock.advance(Duration.ofMinutes(11));
        assertThat(keys.generation()).isEqualTo(1);
        kit.keySource.publish(MINT.document(TokenMint.withKey("key_2")));
        kit.clock.advance(Duration.ofMinutes(11));
        assertThat(keys.generation()).isEqualTo(2);
        assertThat(keys.find("key_2")).isInstanceOf(SigningKeys.Found.class);
    }

    @Test
    void aKeyIsTakenWhetherItSaysWhatItIsForOrNot() {
        for (String left : List.of("use", "alg", "nothing")) {
            Map<String, Object> key = new LinkedHashMap<>(MINT.jwk());
            key.remove(left);
            assertThat(KeySet.parse(document(key))).as("without " + left).isPresent();
        }
        Map<String, Object> nameless = new LinkedHashMap<>(MINT.jwk());
        nameless.remove("kid");
        assertThat(KeySet.parse(document(nameless))).isEmpty();
        for (Map.Entry<String, String> wrong :
                Map.of("use", "enc", "alg", "PS256").entrySet()) {
            Map<String, Object> key = new LinkedHashMap<>(MINT.jwk());
            key.put(wrong.getKey(), wrong.getValue());
            assertThat(KeySet.parse(document(key))).as(wrong.toString()).isEmpty();
        }
    }

    private static String document(Map<String, Object> key) {
        return new JsonMapper().writeValueAsString(Map.of("keys", List.of(key)));
    }

    private SigningKeys keys(SigningKeySource source) {
        return new SigningKeys(
                () -> {
                    calls.incrementAndGet();
                    return source.fetch();
                },
                clock);
    }
}
