package dev.lockstep.sync.inbox;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Who of the workers drains: one while events trickle in, so that their batches are not torn in two, and all while there
 * is a backlog or while the one seems to be held up. Whoever is sent away has made sure that somebody looks again.
 * Thread-safe.
 */
final class Turns {
    private final long patienceNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private int active;
    private boolean backlog;
    private boolean missed;
    private long progressAt;

    /**
     * @param patience how long one batch may take before others do not wait for it any more
     * @param nanoTime a clock that only goes forward
     */
    Turns(Duration patience, LongSupplier nanoTime) {
        this.patienceNanos = patience.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether the caller shall drain; it then says {@link #leaves} in the end, or {@link #breaks}. */
    boolean enters() {
        lock.lock();
        try {
            boolean heldUp = nanoTime.getAsLong() - progressAt > patienceNanos;
            if (active > 0 && !backlog && !heldUp) {
                missed = true;
                return false;
            }
            active++;
            progressAt = nanoTime.getAsLong();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes a batch that is done.
     *
     * @param full whether there was as much as fits into one
     * @return whether others should be woken to help
     */
    boolean done(boolean full) {
        lock.lock();
        try {
            progressAt = nanoTime.getAsLong();
            boolean grew = full && !backlog;
            backlog = full;
            return grew;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller may stop; false when somebody was sent away meanwhile, and it has to look once more. */
    boolean leaves() {
        lock.lock();
        try {
            if (missed) {
                missed = false;
                return false;
            }
            active--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves because draining failed; whoever comes next looks again. */
    void breaks() {
        lock.lock();
        try {
            active--;
            backlog = false;
            missed = false;
        } finally {
            lock.unlock();
        }
    }
}
