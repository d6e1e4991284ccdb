package dev.lockstep.sync.tail;

import java.time.Duration;

/**
 * How the Events tail reads.
 *
 * @param environment names the lease and the cursor; one per WorkOS environment
 * @param interval between two polls
 * @param leaseTime how long a holder that fell silent keeps the others waiting; longer than one page takes
 * @param overlap how far back the very first read begins, and how far back a sweep reads again
 * @param sweepInterval how often the overlap is read again for events that surfaced behind the cursor
 * @param holdBack how long WorkOS may keep a new event out of the Events API
 * @param retention how far back WorkOS can be asked at all
 */
public record TailSettings(
        String environment,
        Duration interval,
        Duration leaseTime,
        Duration overlap,
        Duration sweepInterval,
        Duration holdBack,
        Duration retention) {
    public TailSettings {
        if (environment.isBlank() || environment.length() > 100) {
            throw new IllegalArgumentException("the environment of the tail needs a name of 1 to 100 characters");
        }
        positive("interval", interval);
        positive("leaseTime", leaseTime);
        positive("overlap", overlap);
        positive("sweepInterval", sweepInterval);
        positive("retention", retention);
        if (holdBack.isNegative()) {
            throw new IllegalArgumentException("holdBack of the tail is negative");
        }
        if (leaseTime.compareTo(interval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("leaseTime of the tail (" + leaseTime.toMillis()
                    + " ms) must be at least twice its interval (" + interval.toMillis() + " ms)");
        }
    }

    /** A poll every two seconds, a lease of 30 seconds, five minutes of overlap swept each minute, 30 days back. */
    public static TailSettings defaults(String environment) {
        return new TailSettings(
                environment,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofDays(30));
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " of the tail must be positive");
        }
    }
}
