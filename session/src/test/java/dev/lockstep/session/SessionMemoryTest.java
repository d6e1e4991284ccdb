package dev.lockstep.session;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SessionOpener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the reader remembers of cookies it has proved, and when it looks again. */
class SessionMemoryTest {
    private final SessionKit kit = new SessionKit();
    private final AtomicInteger opened = new AtomicInteger();
    private final List<String> cookie = List.of(kit.cookie(MINT.token(kit.clock.instant())));

    @Test
    void aProvedCookieIsNotOpenedAgain() {
        SessionReader reader = reader(10);
        for (int i = 0; i < 5; i++) {
            assertThat(reader.read(cookie)).isInstanceOf(SessionOutcome.Valid.class);
        }
        assertThat(opened).hasValue(1);
    }

    @Test
    void withoutAMemoryEachIsOpened() {
        SessionReader reader = reader(0);
        reader.read(cookie);
        reader.read(cookie);
        assertThat(opened).hasValue(2);
    }

    @Test
    void whatCannotBeOpenedIsTriedEachTime() {
        SessionReader reader = reader(10);
        reader.read(List.of("garbage"));
        reader.read(List.of("garbage"));
        assertThat(opened).hasValue(2);
    }

    @Test
    void otherKeysMeanAnotherLook() {
        SessionReader reader = reader(10);
        reader.read(cookie);
        TokenMint other = TokenMint.withKey("key_2");
        kit.keySource.publish(MINT.document(other));
        kit.clock.advance(Duration.ofHours(2));
        reader.read(cookie);
        assertThat(opened).hasValue(2);
        kit.clock.advance(Duration.ofHours(2));
        reader.read(cookie);
        assertThat(opened).as("the same keys, fetched again, change nothing").hasValue(2);
    }

    private SessionReader reader(int remembered) {
        SessionOpener opener = new SessionOpener() {
            @Override
            public OpenOutcome open(String value) {
                opened.incrementAndGet();
                return kit.sealer(kit.keys).open(value);
            }
        };
        var settings = new SessionReader.Settings(Duration.ofMinutes(1), remembered);
        return new SessionReader(opener, kit.verifier, kit.revocations, settings, kit.clock);
    }
}
