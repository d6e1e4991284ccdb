package dev.lockstep.sync.work;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts failures in a row and says which of them are worth a line in the log: the first, and then one a minute. Not
 * thread-safe; every thread has its own, or a lock around it.
 */
public final class Streak {
    private static final long BETWEEN = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private int failures;
    private long saidAt;

    /** @param nanos a clock like {@link System#nanoTime} */
    public Streak(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Counts one more failure; true when it should be logged. */
    public boolean failed() {
        failures++;
        long now = nanos.getAsLong();
        if (failures > 1 && now - saidAt < BETWEEN) {
            return false;
        }
        saidAt = now;
        return true;
    }

    /** How many failures there were since the last success. */
    public int length() {
        return failures;
    }

    /** Ends the streak and returns how long it was, 0 when there was none. */
    public int ended() {
        int were = failures;
        failures = 0;
        return were;
    }
}
