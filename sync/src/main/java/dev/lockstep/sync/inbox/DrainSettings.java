package dev.lockstep.sync.inbox;

import dev.lockstep.sync.work.Backoff;
import java.time.Duration;

/**
 * How the inbox is drained.
 *
 * @param workers threads per node, 1 to 64
 * @param batch events applied in one transaction, 1 to 1,000; each takes up to three places in the server's table of locks
 * @param backstop how long a worker sleeps when nobody signals; also the delay after a stall
 * @param attempts how often a failing event is tried before it is parked
 * @param firstDelay the wait after the first failure; each further one is four times as long
 * @param longestDelay where the wait stops growing
 */
public record DrainSettings(
        int workers, int batch, Duration backstop, int attempts, Duration firstDelay, Duration longestDelay) {
    public DrainSettings {
        between("workers", workers, 1, 64);
        between("batch", batch, 1, 1_000);
        if (!backstop.isPositive()) {
            throw new IllegalArgumentException("the backstop of the drain must be positive");
        }
        new Backoff(attempts, firstDelay, longestDelay);
    }

    /** How often and how late a failing event is tried again. */
    Backoff backoff() {
        return new Backoff(attempts, firstDelay, longestDelay);
    }

    /** Two workers, batches of 1,000, eight attempts over about one and a half hours. */
    public static DrainSettings defaults() {
        return new DrainSettings(2, 1_000, Duration.ofSeconds(1), 8, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " of the drain is " + value + ", allowed are " + least + " to " + most);
        }
    }
}
