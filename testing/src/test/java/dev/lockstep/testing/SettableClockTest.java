package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SettableClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void itStandsStillUntilItIsMoved() {
        SettableClock clock = SettableClock.at("2026-11-21T12:00:00Z");
        assertThat(clock.instant()).isEqualTo(NOON);
        assertThat(clock.instant()).isEqualTo(NOON);
        assertThat(clock.advance(Duration.ofMinutes(5))).isEqualTo(NOON.plusSeconds(300));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(300));
        clock.set(NOON.minusSeconds(1));
        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(1));
    }

    @Test
    void aViewInAnotherZoneMovesWithIt() {
        SettableClock clock = SettableClock.at(NOON);
        SettableClock kathmandu = clock.withZone(ZoneId.of("Asia/Kathmandu"));
        clock.advance(Duration.ofHours(1));
        assertThat(kathmandu.instant()).isEqualTo(NOON.plusSeconds(3600));
        assertThat(kathmandu.getZone()).isEqualTo(ZoneId.of("Asia/Kathmandu"));
        assertThat(clock.getZone()).isEqualTo(ZoneId.of("Z"));
    }

    @Test
    void movesFromManyThreadsAllCount() {
        SettableClock clock = SettableClock.at(NOON);
        IntStream.range(0, 1000).parallel().forEach(n -> clock.advance(Duration.ofSeconds(1)));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(1000));
    }
}
