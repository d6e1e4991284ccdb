package dev.lockstep.notify;

import java.time.Duration;

/**
 * How the worker tries.
 *
 * @param attempts how many tries before FAILED
 * @param firstWait the wait after the first failed try; it doubles each time
 * @param longestWait the longest wait between two tries
 * @param lease how long one try may take before it counts as lost
 * @param batch how many to hold at once
 * @param poll how often to look for due ones
 */
public record DeliverySettings(
        int attempts, Duration firstWait, Duration longestWait, Duration lease, int batch, Duration poll) {
    public DeliverySettings {
        if (attempts < 1 || batch < 1) {
            throw new IllegalArgumentException("attempts and batch must be at least 1.");
        }
        if (firstWait.isNegative()
                || longestWait.compareTo(firstWait) < 0
                || !lease.isPositive()
                || !poll.isPositive()) {
            throw new IllegalArgumentException("firstWait <= longestWait; lease and poll above zero.");
        }
    }

    /** Eight tries from ten seconds to an hour apart, one minute for each, twenty at once, a look every second. */
    public static DeliverySettings defaults() {
        return new DeliverySettings(
                8, Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(1));
    }

    Duration waitAfter(int attempt) {
        Duration doubled = firstWait.multipliedBy(1L << Math.min(attempt - 1, 30));
        return doubled.compareTo(longestWait) > 0 ? longestWait : doubled;
    }
}
