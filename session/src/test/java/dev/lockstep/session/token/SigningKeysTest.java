package dev.lockstep.session.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.FakeKeySource;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {
    private static final TokenMint OLD = TokenMint.withKey("old");
    private static final TokenMint NEW = TokenMint.withKey("new");

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final FakeKeySource source = new FakeKeySource(OLD.document());
    private final SigningKeys keys = new SigningKeys(source, clock);

    @Test
    void nothingIsFetchedBeforeTheFirstUse() {
        assertThat(source.calls()).isZero();
        assertFound("old");
        assertFound("old");
        assertThat(source.calls()).isOne();
    }

    @Test
    void anOutageOfADayIsLivedThroughWithTheLastGoodCopy() {
        assertFound("old");
        source.goDown();
        for (int minute = 10; minute < 24 * 60; minute += 10) {
            clock.advance(Duration.ofMinutes(10));
            assertFound("old");
        }
        clock.advance(Duration.ofMinutes(10));
        assertThat(keys.find("old")).isInstanceOf(SigningKeys.OutOfReach.class);
        assertThat(keys.generation()).isNegative();
        source.comeBack();
        clock.advance(Duration.ofSeconds(5));
        assertFound("old");
    }

    @Test
    void anOutageAsksAtMostOnceInFiveSeconds() {
        source.goDown();
        for (int i = 0; i < 1000; i++) {
            assertThat(keys.find("old"))
                    .isEqualTo(new SigningKeys.OutOfReach("the key server answered 503", Duration.ofSeconds(5)));
        }
        assertThat(source.calls()).isOne();
        clock.advance(Duration.ofSeconds(5));
        source.comeBack();
        assertFound("old");
    }

    @Test
    void aNewKeyIsFoundWithOneFetchAndAnOldOneIsGoneOnceWithdrawn() {
        assertFound("old");
        long before = keys.generation();
        source.publish(OLD.document(NEW));
        clock.advance(Duration.ofSeconds(1));
        assertFound("new");
        assertThat(source.calls()).isEqualTo(2);
        assertThat(keys.generation()).isNotEqualTo(before);
        source.publish(NEW.document());
        clock.advance(Duration.ofMinutes(10));
        assertThat(keys.find("old")).isInstanceOf(SigningKeys.Unknown.class);
        assertFound("new");
    }

    @Test
    void tenThousandUnknownKeysCostOneFetchInThirtySeconds() {
        assertFound("old");
        for (int i = 0; i < 10_000; i++) {
            assertThat(keys.find("unknown_" + i)).isInstanceOf(SigningKeys.Unknown.class);
        }
        assertThat(source.calls()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(30));
        keys.find("unknown");
        assertThat(source.calls()).isEqualTo(3);
    }

    @Test
    void anUnknownKeyDuringAnOutageIsNotCalledUnknown() {
        assertFound("old");
        source.goDown();
        assertThat(keys.find("new")).isInstanceOf(SigningKeys.OutOfReach.class);
        assertFound("old");
    }

    @Test
    void aHundredThreadsFetchOnce() throws Exception {
        var begun = new CountDownLatch(1);
        source.onFetch(() -> {
            try {
                begun.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SigningKeys.Lookup>> found = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> keys.find("old")))
                    .toList();
            begun.countDown();
            for (var one : found) {
                assertThat(one.get()).isInstanceOf(SigningKeys.Found.class);
            }
        }
        assertThat(source.calls()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<html>502</html>",
                "{\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"old\",\"k\":\"c2VjcmV0\"}]}"
            })
    void aDocumentWithoutAUsableKeyIsAnOutageAndKeepsTheOldCopy(String document) {
        assertFound("old");
        source.publish(document);
        clock.advance(Duration.ofMinutes(11));
        assertFound("old");
        var fresh = new SigningKeys(source, clock);
        assertThat(fresh.find("old")).isInstanceOf(SigningKeys.OutOfReach.class);
    }

    @Test
    void weakKeysAndKeysForOtherUsesAreNotTaken() {
        TokenMint weak = TokenMint.withKey("weak", 1024);
        source.publish(OLD.document(weak));
        assertThat(keys.find("weak")).isInstanceOf(SigningKeys.Unknown.class);
        source.publish(OLD.document(NEW).replaceFirst("\"use\":\"sig\"", "\"use\":\"enc\""));
        clock.advance(Duration.ofMinutes(10));
        assertThat(keys.find("old")).isInstanceOf(SigningKeys.Unknown.class);
    }

    @Test
    void aSourceThatBreaksIsAnOutage() {
        source.onFetch(() -> {
            throw new IllegalStateException("broken");
        });
        assertThat(keys.find("old")).isInstanceOf(SigningKeys.OutOfReach.class);
    }

    @Test
    void aClockThatIsSetBackDoesNotFreezeTheKeys() {
        assertFound("old");
        clock.advance(Duration.ofHours(-1));
        source.publish(NEW.document());
        assertThat(keys.find("old")).isInstanceOf(SigningKeys.Unknown.class);
        assertFound("new");
    }

    private void assertFound(String keyId) {
        assertThat(keys.find(keyId)).isInstanceOf(SigningKeys.Found.class);
    }
}
