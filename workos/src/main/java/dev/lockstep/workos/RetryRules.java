package dev.lockstep.workos;

import java.time.Duration;

/**
 * How often and how soon a repeatable call is tried again. Calls that are not repeatable are tried once.
 *
 * @param attempts the first try included, at least one
 * @param first the pause before the second try, doubled each time, before jitter
 * @param longest the longest pause we choose ourselves
 * @param longestRetryAfter the longest pause we accept from a {@code Retry-After}
 */
public record RetryRules(int attempts, Duration first, Duration longest, Duration longestRetryAfter) {
    /** Four tries, half a second doubled up to eight, at most a minute when WorkOS asks for it. */
    public static final RetryRules DEFAULT =
            new RetryRules(4, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofMinutes(1));

    private static final int MOST_DOUBLINGS = 20;

    public RetryRules {
        if (attempts < 1 || !first.isPositive() || longest.compareTo(first) < 0 || longestRetryAfter.isNegative()) {
            throw new IllegalArgumentException("the WorkOS retry rules contradict themselves: " + attempts
                    + " attempts, pauses of " + first + " to " + longest + ", Retry-After up to " + longestRetryAfter);
        }
    }

    /**
     * Returns the pause after a failed try.
     *
     * @param failed how many tries have failed, from one
     * @param jitter from 0 (inclusive) to 1, chosen at random
     */
    Duration pauseAfter(int failed, double jitter) {
        long doubled = first.toMillis() << Math.min(failed - 1, MOST_DOUBLINGS);
        long whole = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(Math.round(whole * (0.5 + jitter / 2)));
    }
}
