package dev.lockstep.workos.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {
    private static final DateTimeFormatter USUAL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    @Test
    void readsWhatWorkOsUsuallyWritesAsTheJdkDoes() {
        Random random = new Random(20_261_121);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochMilli(random.nextLong(LAST));
            String text = USUAL.format(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
            assertThat(WireTime.parse(text)).as(text).contains(instant);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:34:56.789Z, 2026-01-31T12:34:56.789Z",
        "2024-02-29T00:00:00.000Z, 2024-02-29T00:00:00Z",
        "2026-01-31t12:34:56.789Z, 2026-01-31T12:34:56.789Z",
        "2026-01-31 12:34:56.789, 2026-01-31T12:34:56.789Z",
        "2026-01-31T12:34:56Z, 2026-01-31T12:34:56Z",
        "2026-01-31T12:34:56.123456789Z, 2026-01-31T12:34:56.123456789Z",
        "2026-01-31T14:34:56.789+02:00, 2026-01-31T12:34:56.789Z",
        "2026-01-31T14:34:56.789+0200, 2026-01-31T12:34:56.789Z"
    })
    void readsTheOtherWaysThatHaveBeenSeen(String text, Instant instant) {
        assertThat(WireTime.parse(text)).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-13-01T00:00:00.000Z",
                "2026-00-01T00:00:00.000Z",
                "2026-01-00T00:00:00.000Z",
                "2026-01-32T00:00:00.000Z",
                "2026-01-01T00:60:00.000Z",
                "1969-12-31T23:59:59.999Z",
                "2026-01-01T00:00:00.00xZ",
                "2026-01-01"
            })
    void refusesWhatIsNoTime(String text) {
        assertThat(WireTime.parse(text)).isEmpty();
    }
}
