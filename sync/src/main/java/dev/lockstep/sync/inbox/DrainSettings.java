package dev.lockstep.sync.inbox;

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
        between("attempts", attempts, 1, 100);
        if (!backstop.isPositive() || !firstDelay.isPositive() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "the delays of the drain must be positive and the longest not shorter than the first");
        }
    }

    /** Two workers, batches of 500, eight attempts over about one and a half hours. */
    public static DrainSettings defaults() {
        return new DrainSettings(2, 500, Duration.ofSeconds(1), 8, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " of the drain is " + value + ", allowed are " + least + " to " + most);
        }
    }
}
