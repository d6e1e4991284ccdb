package dev.lockstep.sync.work;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often something that fails is tried, and how long to wait in between.
 *
 * @param attempts how often it is tried before it is parked, 1 to 100
 * @param first the wait after the first failure; each further one is four times as long
 * @param longest where the wait stops growing
 */
public record Backoff(int attempts, Duration first, Duration longest) {
    public Backoff {
        if (attempts < 1 || attempts > 100) {
            throw new IllegalArgumentException("attempts is " + attempts + ", allowed are 1 to 100");
        }
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "the waits of a backoff must be positive and the longest not shorter than the first");
        }
    }

    /** Eight attempts over about one and a half hours. */
    public static Backoff standard() {
        return new Backoff(8, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    /**
     * The wait after a failed attempt: between half of the full wait and all of it, so that what failed together does
     * not come back together.
     *
     * @param attempt the one that failed, from 1
     * @param jitter safe for all threads that call this
     */
    public Duration after(int attempt, RandomGenerator jitter) {
        double full = first.toMillis() * Math.pow(4, attempt - 1.0);
        double capped = Math.min(full, (double) longest.toMillis());
        return Duration.ofMillis(Math.round(capped * (0.5 + jitter.nextDouble() / 2)));
    }
}
