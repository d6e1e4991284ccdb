package dev.lockstep.sync.backfill;

import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.Runs.Place;
import dev.lockstep.workos.WorkOsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the lanes of one walk share: who reads which list, how far they are, and whether it is hopeless. */
final class Lanes {
    private static final int HOPELESS = 3;

    private final Runs runs;
    private final long run;
    private final Consumer<Totals> progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> busy = new HashSet<>();
    private Totals totals;
    private int failures;
    private @Nullable SyncProblem hopeless;

    Lanes(Runs runs, long run, Consumer<Totals> progress) {
        this.runs = runs;
        this.run = run;
        this.progress = progress;
        this.totals = runs.totals(run);
    }

    /**
     * Runs the same work in several threads and waits for all of them. A failure of one interrupts the others and is
     * thrown here; so does an interrupt. No virtual threads: an interrupt would cut their connections to the database.
     */
    static void run(int lanes, Runnable work) {
        if (lanes == 1) {
            work.run();
            return;
        }
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            threads.add(Thread.ofPlatform().daemon().name("lockstep-walk-" + i).unstarted(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    if (failure.compareAndSet(null, e)) {
                        threads.forEach(Thread::interrupt);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        boolean interrupted = join(threads);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure.get()) {
            case null -> {
                if (interrupted) {
                    throw interruption();
                }
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static boolean join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        return interrupted;
    }

    /** The next list that nobody reads, waiting for one while somebody reads; empty when all are read or failed. */
    Optional<Place> claim() {
        lock.lock();
        try {
            while (hopeless == null) {
                Optional<Place> next = runs.next(run, busy);
                if (next.isPresent()) {
                    busy.add(name(next.get().shard()));
                    return next;
                }
                if (busy.isEmpty()) {
                    return next;
                }
                changed.await();
            }
            throw hopeless;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interruption();
        } finally {
            lock.unlock();
        }
    }

    /** Stops a lane between two pages when it was interrupted or the walk is hopeless. */
    void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw interruption();
        }
        lock.lock();
        try {
            if (hopeless != null) {
                throw hopeless;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A page is committed. */
    void stored(Totals added) {
        lock.lock();
        try {
            failures = 0;
            totals = totals.plus(added);
            if (added.shards() > 0) {
                changed.signalAll();
            }
            progress.accept(totals);
        } finally {
            lock.unlock();
        }
    }

    void release(Shard shard) {
        lock.lock();
        try {
            busy.remove(name(shard));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A list could not be read on. Several without an answer and without a page in between end the walk; a refusal is an
     * answer, and says nothing about other lists.
     */
    void failed(Shard shard, WorkOsException cause) {
        lock.lock();
        try {
            busy.remove(name(shard));
            failures += cause.problem().isTransient() ? 1 : 0;
            if (failures >= HOPELESS || Thread.currentThread().isInterrupted()) {
                hopeless = stopped(cause);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static SyncProblem stopped(WorkOsException cause) {
        return new SyncProblem(
                SyncProblem.Code.SYNC_WALK_STOPPED,
                "The walk stopped on " + cause.problem().code() + "; what it read is stored, go on with --resume.",
                cause);
    }

    private static SyncProblem interruption() {
        return new SyncProblem(
                SyncProblem.Code.SYNC_WALK_STOPPED,
                "The walk was interrupted; what it read is stored, go on with --resume.");
    }

    private static String name(Shard shard) {
        return shard.kind().word() + "/" + shard.scope();
    }
}
