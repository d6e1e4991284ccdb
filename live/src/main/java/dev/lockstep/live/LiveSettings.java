package dev.lockstep.live;

import dev.lockstep.live.connection.ConnectionLimits;
import java.time.Duration;

/**
 * How the live room works.
 *
 * @param limits what one socket may use
 * @param concurrentMutations mutations that run at once on this node; best below the size of the connection pool
 * @param mutationAttempts how often a mutation is run before a conflict with others is given back to the browser
 * @param queryTimeout how long one statement of a query may take
 * @param mutationTimeout how long one statement of a mutation may take, waiting for others included
 * @param repliesKept how long replies of mutations are kept for replays
 */
public record LiveSettings(
        ConnectionLimits limits,
        int concurrentMutations,
        int mutationAttempts,
        Duration queryTimeout,
        Duration mutationTimeout,
        Duration repliesKept) {

    /** What is right for most. */
    public static final LiveSettings DEFAULTS = new LiveSettings(
            ConnectionLimits.DEFAULTS, 8, 8, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofDays(14));
}
