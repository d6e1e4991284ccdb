package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClockDriftTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    private final ClockDrift drift = new ClockDrift();

    @Test
    void nothingIsKnownBeforeTheFirstAnswerOrFromOneWithoutADate() {
        drift.heard(headers(Map.of()), NOW);
        drift.heard(headers(Map.of("Date", List.of("yesterday"))), NOW);
        assertThat(drift.last()).isEmpty();
        assertThat(drift.alarms()).isFalse();
    }

    @Test
    void anAnswerFromTheSameTimeIsNoAlarm() {
        hear("Sat, 21 Nov 2026 09:00:00 GMT");
        assertThat(drift.last()).contains(Duration.ofMillis(500));
        assertThat(drift.alarms()).isFalse();
    }

    @Test
    void aClockThatIsTenMinutesOffEitherWayIsAnAlarm() {
        hear("Sat, 21 Nov 2026 09:10:00 GMT");
        assertThat(drift.last()).contains(Duration.ofMinutes(10).plusMillis(500));
        assertThat(drift.alarms()).isTrue();
        hear("Sat, 21 Nov 2026 08:50:00 GMT");
        assertThat(drift.alarms()).isTrue();
        hear("Sat, 21 Nov 2026 09:00:29 GMT");
        assertThat(drift.alarms()).isFalse();
    }

    private void hear(String date) {
        drift.heard(headers(Map.of("Date", List.of(date))), NOW);
    }

    private static HttpHeaders headers(Map<String, List<String>> headers) {
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
