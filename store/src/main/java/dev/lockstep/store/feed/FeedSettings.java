package dev.lockstep.store.feed;

import java.time.Duration;

/**
 * How often a node looks at the feed.
 *
 * @param poll how long a change by somebody who rings no doorbell (psql, another program) may stay unseen
 * @param spacing the least time from the start of one tick to the start of the next
 * @param heartbeat how often the node says where it stands, so that the log is kept for it
 */
public record FeedSettings(Duration poll, Duration spacing, Duration heartbeat) {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    public FeedSettings {
        if (poll.isNegative() || poll.isZero() || poll.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("poll must be above zero and at most a minute, not " + poll);
        }
        if (spacing.isNegative() || spacing.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("spacing must be between zero and a minute, not " + spacing);
        }
        if (heartbeat.isNegative() || heartbeat.isZero() || heartbeat.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("heartbeat must be above zero and at most a minute, not " + heartbeat);
        }
    }

    /** Polls every 25 ms, ticks at most every 5 ms, says where it stands every 5 s. */
    public static FeedSettings defaults() {
        return new FeedSettings(Duration.ofMillis(25), Duration.ofMillis(5), Duration.ofSeconds(5));
    }
}
