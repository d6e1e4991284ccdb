package dev.lockstep.workos;

import java.time.Duration;

/**
 * How long a call may take.
 *
 * @param connect until the connection stands
 * @param attempt one try, from the first byte sent to the last byte received
 * @param call the whole call: waiting for the rate budget, every try, and the pauses between them
 */
public record Timeouts(Duration connect, Duration attempt, Duration call) {
    /** Five seconds, ten seconds, thirty seconds. */
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    public Timeouts {
        if (!connect.isPositive() || !attempt.isPositive() || call.compareTo(attempt) < 0) {
            throw new IllegalArgumentException("the WorkOS timeouts must be positive, and a call at least as long as"
                    + " an attempt; they are " + connect + ", " + attempt + " and " + call);
        }
    }
}
