package dev.lockstep.sync.hydrate;

import java.time.Duration;

/**
 * How the hydrator works.
 *
 * @param batch how many objects it claims at a time
 * @param poll how often it looks for something due
 * @param lease after which a claimed object counts as lost with its node; longer than a batch of slow calls takes
 * @param attempts after how many a call that WorkOS refuses is given up; what merely fails to get through never is
 * @param firstDelay the wait after the first failure, four times longer after each further one
 * @param longestDelay the longest wait
 */
public record HydrateSettings(
        int batch, Duration poll, Duration lease, int attempts, Duration firstDelay, Duration longestDelay) {
    public HydrateSettings {
        if (batch < 1 || attempts < 1) {
            throw new IllegalArgumentException("a hydrator needs a batch and attempts of at least one");
        }
    }

    /** What suits an ordinary installation. */
    public static HydrateSettings defaults() {
        return new HydrateSettings(
                20, Duration.ofSeconds(1), Duration.ofMinutes(10), 6, Duration.ofSeconds(5), Duration.ofMinutes(10));
    }

    Duration delayAfter(int attempt) {
        double millis = firstDelay.toMillis() * Math.pow(4, attempt - 1.0);
        return Duration.ofMillis((long) Math.min(millis, (double) longestDelay.toMillis()));
    }
}
