package dev.lockstep.workos;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One rate limit shared by everything that calls one WorkOS environment. Who is more urgent goes first, but a place in
 * the queue also ages: two seconds of waiting are worth one level of urgency, so nobody starves. Safe for all threads.
 */
public final class RateBudget {
    /** What WorkOS documents for one environment. */
    public static final double ENVIRONMENT_PER_SECOND = 100;

    private static final double DEFAULT_BURST = 50;
    private static final long LEVEL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONGEST_CLOSED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Waiter> queue = new PriorityQueue<>(Waiter.ORDER);
    private final TokenBucket bucket;
    private long arrivals;
    private long used;
    /** When the last 429 came, while {@code retryAfter} says that there was one. */
    private long refusedAt;

    private @Nullable Duration retryAfter;

    /**
     * Makes a full budget.
     *
     * @param perSecond calls per second in the long run, positive
     * @param burst calls that may start at once, at least one
     * @param nanoClock a monotonic clock, {@code System::nanoTime} outside tests
     */
    public RateBudget(double perSecond, double burst, LongSupplier nanoClock) {
        if (!(perSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException(
                    "a rate budget needs a positive rate and room for one call; it got " + perSecond + " and " + burst);
        }
        this.nanoClock = nanoClock;
        this.bucket = new TokenBucket(perSecond, burst, nanoClock.getAsLong());
    }

    /** Returns the budget of one WorkOS environment. */
    public static RateBudget forEnvironment() {
        return new RateBudget(ENVIRONMENT_PER_SECOND, DEFAULT_BURST, System::nanoTime);
    }

    /**
     * Waits for permission to make one call.
     *
     * @param atMost how long to wait; zero asks without waiting
     * @return false when the time was not enough, in which case no permission was used up
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public boolean acquire(Priority priority, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long arrived = nanoClock.getAsLong();
            long deadline = arrived + atMost.toNanos();
            Waiter self = new Waiter(arrived + priority.level() * LEVEL_NANOS, arrivals++, lock.newCondition());
            queue.add(self);
            wakeFirst();
            try {
                return waitFor(self, deadline);
            } finally {
                queue.remove(self);
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells the budget that WorkOS answered 429: it halves its rate and lets nobody through for a while, at most ten
     * seconds, because WorkOS limits kinds of calls apart and a walk must not keep people from signing in.
     *
     * @param pause how long WorkOS asked to wait, possibly zero
     */
    public void refused(Duration pause) {
        lock.lock();
        try {
            refusedAt = nanoClock.getAsLong();
            retryAfter = pause;
            bucket.refused(refusedAt, Math.min(pause.toNanos(), LONGEST_CLOSED_NANOS));
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the calls per second it allows at present; less than configured after a 429. */
    public double ratePerSecond() {
        lock.lock();
        try {
            bucket.nanosUntilNext(nanoClock.getAsLong());
            return bucket.rate();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How a budget stands.
     *
     * @param perSecond calls it allows a second at present
     * @param fullPerSecond calls it allows a second when nobody was refused
     * @param left calls that could start at once
     * @param used calls it has let through since it was made
     * @param waiting calls that wait
     * @param refusal the last 429, or null when there was none
     */
    public record Standing(
            double perSecond,
            double fullPerSecond,
            double left,
            long used,
            int waiting,
            @Nullable Refusal refusal) {}

    /**
     * A 429 of WorkOS.
     *
     * @param ago how long ago
     * @param retryAfter how long WorkOS asked to wait, possibly zero
     */
    public record Refusal(Duration ago, Duration retryAfter) {}

    /** Returns how it stands now. */
    public Standing standing() {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            bucket.nanosUntilNext(now);
            Refusal refusal = retryAfter == null ? null : new Refusal(Duration.ofNanos(now - refusedAt), retryAfter);
            return new Standing(bucket.rate(), bucket.fullRate(), bucket.tokens(), used, queue.size(), refusal);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many calls wait at present. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean waitFor(Waiter self, long deadline) throws InterruptedException {
        while (true) {
            long now = nanoClock.getAsLong();
            boolean first = self.equals(queue.peek());
            if (first && bucket.tryTake(now)) {
                used++;
                return true;
            }
            long left = deadline - now;
            if (left <= 0) {
                return false;
            }
            self.turn().awaitNanos(first ? Math.min(left, bucket.nanosUntilNext(now)) : left);
        }
    }

    private void wakeFirst() {
        Waiter first = queue.peek();
        if (first != null) {
            first.turn().signal();
        }
    }

    private record Waiter(long due, long arrival, Condition turn) {
        static final Comparator<Waiter> ORDER =
                Comparator.comparingLong(Waiter::due).thenComparingLong(Waiter::arrival);
    }
}
