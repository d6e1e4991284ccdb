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
    /** After a failure, which may be for want of room for locks, a batch is so many times smaller. */
    private static final int CAUTION = 10;
    /** So many full batches in a row are a backlog; less is what gathered in a pause. */
    private static final int MUCH = 3;
    /** With each of so many events in a batch the pause behind it is as long again. */
    private static final int CROWD = 200;
    /** The longest pause, in shortest ones. */
    private static final int LONGEST = 5;
    /** A batch that shares the fate of an event that fails is so small at first, so that few wait for it to be found. */
    private static final int FEW = 16;
    /** So many batches after a failure none is held back: what was gained by gathering is needed for the search. */
    private static final int WATCH = 50;

    private final int most;
    private final long spacingNanos;
    private final long patienceNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private int limit;
    private int active;
    private boolean full;
    private boolean backlog;
    /** Batches without a pause that are left. */
    private int watch;
    /** Events since the last pause. */
    private long together;

    private long pauseNanos;
    private boolean missed;
    private long progressAt;
    private long appliedAt;

    /**
     * @param batch how many events make a batch
     * @param spacing how far apart batches are while there is no backlog, so that events gather in them; up to five
     *     times as far while many come, because then whoever brings them needs the processors, and events about one
     *     object are applied as one
     * @param patience how long one batch may take before others do not wait for it any more
     * @param nanoTime a clock that only goes forward
     */
    Turns(int batch, Duration spacing, Duration patience, LongSupplier nanoTime) {
        this.most = batch;
        this.limit = batch;
        this.spacingNanos = spacing.toNanos();
        this.patienceNanos = patience.toNanos();
        this.nanoTime = nanoTime;
        this.pauseNanos = spacingNanos;
        this.appliedAt = nanoTime.getAsLong() - spacingNanos;
    }

    /** Whether the caller shall drain; it then says {@link #leaves} in the end, or {@link #breaks}. */
    boolean enters() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (active > 0 && !backlog && now - progressAt <= patienceNanos) {
                missed = true;
                return false;
            }
            active++;
            progressAt = now;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How long to wait before the next batch. */
    long pauseNanos() {
        lock.lock();
        try {
            return full || watch > 0 ? 0 : Math.max(0, appliedAt + pauseNanos - nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** How many events to take at most. */
    int limit() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes a batch that is done.
     *
     * @param batch how it ended
     * @param allowed how many events there could have been in it
     * @return whether others should be woken to help
     */
    boolean done(Applier.Batch batch, int allowed) {
        int handled = batch.handled();
        lock.lock();
        try {
            progressAt = nanoTime.getAsLong();
            if (handled > 0) {
                appliedAt = progressAt;
            }
            full = handled == allowed;
            together += handled;
            boolean much = full && together >= (long) MUCH * most;
            boolean grew = much && !backlog;
            backlog = much;
            if (batch.failed() > 0) {
                watch = WATCH;
                limit = Math.min(FEW, most);
            } else {
                watch = Math.max(0, watch - 1);
                limit = full ? Math.min(limit * 2, most) : limit;
            }
            if (!full) {
                pauseNanos = Math.min(LONGEST * spacingNanos, spacingNanos + spacingNanos * together / CROWD);
                together = 0;
            }
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

    /** Leaves in the middle, because draining failed or ends; whoever comes next looks again, with care. */
    void breaks() {
        lock.lock();
        try {
            active--;
            full = false;
            backlog = false;
            together = 0;
            missed = false;
            limit = Math.max(1, most / CAUTION);
        } finally {
            lock.unlock();
        }
    }
}
