package dev.lockstep.sync.inbox;

import dev.lockstep.sync.SyncProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers share commits without a thread or a timer: whoever gets the lock commits for all who have queued while
 * the last commit ran. Everybody returns only after the commit that holds their event. Thread-safe.
 */
final class GroupCommit {
    private static final int LARGEST_BATCH = 256;

    private final Function<List<Arrival>, List<Receipt>> commit;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock committing = new ReentrantLock();

    /** @param commit stores a batch durably and returns one receipt per arrival, in order; or throws for all of them */
    GroupCommit(Function<List<Arrival>, List<Receipt>> commit) {
        this.commit = commit;
    }

    /** One caller's event; its two outcome fields are set once, by the holder of the lock. */
    private static final class Waiting {
        private final Arrival arrival;
        private @Nullable Receipt receipt;
        private @Nullable Throwable failure;

        Waiting(Arrival arrival) {
            this.arrival = arrival;
        }

        boolean isSettled() {
            return receipt != null || failure != null;
        }
    }

    Receipt submit(Arrival arrival) {
        Waiting mine = new Waiting(arrival);
        queue.add(mine);
        committing.lock();
        try {
            while (!mine.isSettled()) {
                commitQueued();
            }
        } finally {
            committing.unlock();
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
        for (Waiting next = queue.poll(); next != null; next = batch.size() < LARGEST_BATCH ? queue.poll() : null) {
            batch.add(next);
        }
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
    }
}
