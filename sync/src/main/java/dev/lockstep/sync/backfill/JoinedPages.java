package dev.lockstep.sync.backfill;

import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets lanes that have a page in hand at the same time share a transaction: what each transaction costs beside its rows
 * is then paid once for several pages. Nobody waits for company, and each lane has one page here at most. Thread-safe.
 */
final class JoinedPages {
    /** While one is with the database, the pages for the next are turned into rows. */
    private static final int AT_A_TIME = 2;

    private final int most;
    private final Function<List<InHand>, List<Totals>> store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int storing;

    /**
     * @param most pages in one transaction
     * @param store stores pages in one transaction and says what each added, in their order
     */
    JoinedPages(int most, Function<List<InHand>, List<Totals>> store) {
        this.most = most;
        this.store = store;
    }

    /** A page and where it begins. */
    record InHand(Place place, Listed page) {}

    /** One lane's page; its outcome is written under the lock. */
    private static final class Waiting {
        private final InHand page;
        private @Nullable Totals added;
        private @Nullable Throwable failure;

        Waiting(InHand page) {
            this.page = page;
        }

        boolean isOpen() {
            return added == null && failure == null;
        }
    }

    /** Returns when the page is committed; throws what kept its transaction from it. Not to be interrupted. */
    Totals store(InHand page) {
        Waiting mine = new Waiting(page);
        lock.lock();
        try {
            queue.add(mine);
            while (mine.isOpen()) {
                if (storing < AT_A_TIME && !queue.isEmpty()) {
                    storeQueued();
                } else {
                    changed.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
        return switch (mine.failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> Objects.requireNonNull(mine.added);
        };
    }

    private void storeQueued() {
        List<Waiting> together = new ArrayList<>();
        while (together.size() < most && !queue.isEmpty()) {
            together.add(queue.remove());
        }
        storing++;
        lock.unlock();
        List<Totals> added = List.of();
        Throwable failure = null;
        try {
            added = store.apply(together.stream().map(each -> each.page).toList());
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            lock.lock();
            storing--;
        }
        for (int i = 0; i < together.size(); i++) {
            together.get(i).failure = failure;
            together.get(i).added = failure == null ? added.get(i) : null;
        }
        changed.signalAll();
    }
}
