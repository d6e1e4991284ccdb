package dev.lockstep.workos;

/**
 * The arithmetic of a rate limit that learns: it fills at a rate, a refusal of WorkOS halves the rate and closes the
 * bucket for a while, and every second without one gives a twentieth of the full rate back. Pure state, not safe for
 * threads; all times are readings of one monotonic clock in nanoseconds.
 */
final class TokenBucket {
    private static final double SECOND = 1e9;
    private static final double SLOWEST = 1.0;
    private static final double RECOVERY_PER_SECOND = 0.05;

    private final double fullRate;
    private final double capacity;
    private double rate;
    private double tokens;
    private long filledAt;
    private long closedUntil;

    TokenBucket(double perSecond, double capacity, long now) {
        this.fullRate = perSecond;
        this.capacity = capacity;
        this.rate = perSecond;
        this.tokens = capacity;
        this.filledAt = now;
        this.closedUntil = now;
    }

    boolean tryTake(long now) {
        fill(now);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Returns how long it takes until a token is there if nobody takes one before; zero when there is one. */
    long nanosUntilNext(long now) {
        fill(now);
        long closed = Math.max(0, closedUntil - now);
        double missing = Math.max(0, 1 - tokens);
        return closed + (long) Math.ceil(missing / rate * SECOND);
    }

    void refused(long now, long closedForNanos) {
        fill(now);
        rate = Math.max(Math.min(SLOWEST, fullRate), rate / 2);
        tokens = 0;
        long until = now + closedForNanos;
        if (until - closedUntil > 0) {
            closedUntil = until;
        }
    }

    double rate() {
        return rate;
    }

    double fullRate() {
        return fullRate;
    }

    double tokens() {
        return tokens;
    }

    private void fill(long now) {
        // Nothing flows in while it is closed; differences, not values, are compared because the clock may wrap around.
        long open = closedUntil - now > 0 ? now : closedUntil;
        long from = open - filledAt > 0 ? open : filledAt;
        double seconds = Math.max(0, now - from) / SECOND;
        tokens = Math.min(capacity, tokens + seconds * rate);
        rate = Math.min(fullRate, rate + seconds * fullRate * RECOVERY_PER_SECOND);
        filledAt = now;
    }
}
