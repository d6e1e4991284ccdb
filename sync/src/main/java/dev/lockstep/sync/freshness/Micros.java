package dev.lockstep.sync.freshness;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as PostgreSQL holds them: what it cannot hold is cut. */
final class Micros {
    private Micros() {}

    static Instant of(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }
}
