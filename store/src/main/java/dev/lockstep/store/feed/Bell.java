package dev.lockstep.store.feed;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A doorbell with somebody behind it: rings are merged until the one waiting thread hears them. */
final class Bell implements Doorbell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    /** Goes true on a ring, false when it has been heard. */
    private boolean rung;
    /** Goes true once. */
    private boolean closed;

    @Override
    public void ring() {
        lock.lock();
        try {
            rung = true;
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the waiting thread for good. */
    void close() {
        lock.lock();
        try {
            closed = true;
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a ring, the end, or so many nanoseconds; true when it rang. */
    boolean await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!rung && !closed && left > 0) {
                left = heard.awaitNanos(left);
            }
            boolean was = rung;
            rung = false;
            return was;
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits so many nanoseconds however often it rings; rings are kept. Ends early only when it is closed. */
    void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        lock.lock();
        try {
            while (!closed && end - System.nanoTime() > 0) {
                heard.awaitNanos(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** The wait before a next attempt after so many failures in a row: doubled each time up to the longest. */
    static long backoff(long firstNanos, int failures, long longestSeconds) {
        int doublings = Math.min(Math.max(failures - 1, 0), 20);
        return Math.min(firstNanos << doublings, TimeUnit.SECONDS.toNanos(longestSeconds));
    }
}
