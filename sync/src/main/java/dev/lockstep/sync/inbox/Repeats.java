package dev.lockstep.sync.inbox;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * When events that have failed before are tried again, and how many together: one worker at a time, and those that fail
 * again alone; what goes well is followed by twice as many, so that a cause that is gone for all is soon behind. Thread-safe.
 */
final class Repeats {
    private final int most;
    private final long spacingNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private int limit = 1;
    private boolean more;
    private long lookedAt;

    /**
     * @param most how many are tried together at most
     * @param spacing how often is looked whether some are due, while none are known to be
     * @param nanoTime a clock that only goes forward
     */
    Repeats(int most, Duration spacing, LongSupplier nanoTime) {
        this.most = most;
        this.spacingNanos = spacing.toNanos();
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong() - spacingNanos;
    }

    /** One try of so many at most, which says how it went. */
    @FunctionalInterface
    interface Try {
        Applier.Batch upTo(int limit);
    }

    /**
     * Lets the caller try, unless another does or it is too early.
     *
     * @return whether more are due
     */
    boolean next(Try one) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            long now = nanoTime.getAsLong();
            if (!more && now - lookedAt < spacingNanos) {
                return false;
            }
            lookedAt = now;
            more = false;
            int allowed = limit;
            limit = 1;
            Applier.Batch batch = one.upTo(allowed);
            more = batch.handled() == allowed;
            limit = more && batch.failed() == 0 ? Math.min(allowed * 2, most) : 1;
            return more;
        } finally {
            lock.unlock();
        }
    }
}
