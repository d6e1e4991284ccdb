package dev.lockstep.sync.freshness;

import dev.lockstep.sync.SyncProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Who waits for the mirror on this node, never more than a bound, and never longer than they wanted. Thread-safe. */
final class Waiters {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    /** By identity; guarded by the lock. */
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    /** Goes true once; guarded by the lock. */
    private boolean closed;

    Waiters(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one waiter must be allowed, not " + most);
        }
        this.most = most;
    }

    /** One wait. Ends once. Deliberately not a record: two waits for the same are two. */
    static final class Waiter {
        private final Wanted wanted;
        private final CompletableFuture<Awaited> end = new CompletableFuture<>();

        private Waiter(Wanted wanted) {
            this.wanted = wanted;
        }

        Wanted wanted() {
            return wanted;
        }
    }

    /**
     * Begins to wait; the caller ends it with {@link #leave} in any case.
     *
     * @throws SyncProblem FRESHNESS_CROWDED when too many wait
     */
    Waiter enter(Wanted wanted) {
        Waiter waiter = new Waiter(wanted);
        lock.lock();
        try {
            if (closed) {
                waiter.end.complete(Awaited.GIVEN_UP);
            } else if (waiting.size() >= most) {
                throw new SyncProblem(
                        SyncProblem.Code.FRESHNESS_CROWDED,
                        waiting.size() + " callers of this node wait for the mirror, the limit; try again later, or"
                                + " raise lockstep.freshness.max-waiters.");
            } else {
                waiting.add(waiter);
            }
        } finally {
            lock.unlock();
        }
        return waiter;
    }

    /** Waits on the calling thread; empty when the time is over. */
    Optional<Awaited> await(Waiter waiter, Duration timeout) {
        try {
            return Optional.of(waiter.end.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Awaited.GIVEN_UP);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A wait ends with an outcome", e);
        }
    }

    void leave(Waiter waiter) {
        lock.lock();
        try {
            waiting.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Who waits at this moment. */
    List<Waiter> all() {
        lock.lock();
        try {
            return new ArrayList<>(waiting);
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waits whose outcome is known. */
    static void settle(List<Waiter> waiters, Function<Wanted, Optional<Awaited>> outcome) {
        for (Waiter waiter : waiters) {
            outcome.apply(waiter.wanted).ifPresent(waiter.end::complete);
        }
    }

    /** Ends every wait, and every later one at once. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(waiter -> waiter.end.complete(Awaited.GIVEN_UP));
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }
}
