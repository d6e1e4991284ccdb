package dev.lockstep.live.client;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How long to wait before the next socket: by what the server said, doubled by each failure, and half of it by chance. */
final class Backoff {
    private static final List<String> CROWDED = List.of(
            "SubscriptionsWorkerFullError",
            "TooManyConcurrentRequests",
            "CommitterFullError",
            "ExecuteFullError",
            "SystemTimeoutError",
            "ExpiredInQueue",
            "TooManyWritesInTimePeriod");
    private static final int CROWDED_FACTOR = 3;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** Everything works again. */
    void reset() {
        failures = 0;
    }

    Duration next(String reason) {
        long base = first.toMillis() * (CROWDED.stream().anyMatch(reason::startsWith) ? CROWDED_FACTOR : 1);
        long wait = Math.min(base << Math.min(failures, 10), longest.toMillis());
        failures++;
        return Duration.ofMillis(wait / 2 + random.nextLong(wait + 1));
    }
}
