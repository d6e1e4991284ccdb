package dev.lockstep.sync.inbox;

import dev.lockstep.sync.SyncProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers share commits without a thread or a timer: whoever finds nobody committing commits for all who have
 * queued, and then hands over to the first of those who came meanwhile. Everybody returns only after the commit that
 * holds their event. Thread-safe.
 */
final class GroupCommit {
    private static final int LARGEST_BATCH = 256;

    private final Function<List<Arrival>, List<Receipt>> commit;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean committing = new AtomicBoolean();

    /** @param commit stores a batch durably and returns one receipt per arrival, in order; or throws for all of them */
    GroupCommit(Function<List<Arrival>, List<Receipt>> commit) {
        this.commit = commit;
    }

    /** One caller's event; its outcome is written once, by whoever commits, before it is settled. */
    private static final class Waiting {
        private final Arrival arrival;
        private final Thread caller = Thread.currentThread();
        private @Nullable Receipt receipt;
        private @Nullable Throwable failure;
        private volatile boolean settled;

        Waiting(Arrival arrival) {
            this.arrival = arrival;
        }
    }

    Receipt submit(Arrival arrival) {
        Waiting mine = new Waiting(arrival);
        queue.add(mine);
        boolean interrupted = false;
        while (!mine.settled) {
            if (committing.compareAndSet(false, true)) {
                commitQueued();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (mine.receipt != null) {
            return mine.receipt;
        }
        // One failure may belong to many callers on many threads; each gets an exception of its own.
        throw new SyncProblem(
                SyncProblem.Code.SYNC_INBOX_UNAVAILABLE,
                "The event could not be stored; answer 503 so that it is delivered again, and look at the database.",
                mine.failure);
    }

    /** Whether so many callers wait for the next commit; for tests. */
    boolean holdsBack(int callers) {
        return queue.size() >= callers;
    }

    private void commitQueued() {
        List<Waiting> batch = new ArrayList<>();
        try {
            for (Waiting next = queue.poll(); next != null; next = batch.size() < LARGEST_BATCH ? queue.poll() : null) {
                batch.add(next);
            }
            if (!batch.isEmpty()) {
                settle(batch);
            }
        } finally {
            handOver();
        }
        for (Waiting waiting : batch) {
            LockSupport.unpark(waiting.caller);
        }
    }

    private void settle(List<Waiting> batch) {
        try {
            List<Receipt> receipts =
                    commit.apply(batch.stream().map(waiting -> waiting.arrival).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).receipt = receipts.get(i);
            }
        } catch (RuntimeException | Error e) {
            // Whatever it was, nobody may be left to wait for an outcome that never comes.
            batch.forEach(waiting -> waiting.failure = e);
        }
        batch.forEach(waiting -> waiting.settled = true);
    }

    /** Whoever queued before this saw that somebody commits and sleeps; so the first of them is woken to go on. */
    private void handOver() {
        committing.set(false);
        Waiting next = queue.peek();
        if (next != null) {
            LockSupport.unpark(next.caller);
        }
    }
}
