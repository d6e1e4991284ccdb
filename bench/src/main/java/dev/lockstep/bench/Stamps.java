package dev.lockstep.bench;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times that travel in values, in microseconds of this machine's clock, which PostgreSQL beside it reads too. */
final class Stamps {
    private static final InstantSource CLOCK = InstantSource.system();

    private Stamps() {}

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, CLOCK.instant());
    }

    /** The time in the first value of a frame that ends with one: {@code "value":"own17 1790000000000000"}. */
    static long in(String frame) {
        int end = frame.indexOf('"', frame.indexOf(" ", frame.indexOf("\"value\":\"own")));
        int start = frame.lastIndexOf(' ', end) + 1;
        return Long.parseLong(frame, start, end, 10);
    }
}
