package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.workos.event.EventDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker threads between inbox and mirror. Any number of drains on any number of nodes may work on one inbox; each
 * event is applied once. Thread-safe.
 */
public final class InboxDrain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InboxDrain.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);
    /** With a backlog a batch grows to so many times the one of the settings; its locks must fit the server's table. */
    private static final int LARGEST_GROWTH = 5;
    /** From this part of a batch on, events come in a stream. */
    private static final int STREAM = 4;
    /** How long a stream is left to gather. */
    private static final Duration GATHER = Duration.ofMillis(20);
    /** A batch takes some ten milliseconds; one that takes so much longer waits for a lock. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Applier applier;
    private final DrainSettings settings;
    private final Doorbell committed;
    private final Turns turns = new Turns(PATIENCE, System::nanoTime);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();
    private final List<Thread> workers = new ArrayList<>();
    /** Counts up with each signal; guarded by the lock. */
    private long signals;
    /** False before start and after close; guarded by the lock. */
    private boolean running;

    /**
     * @param database where inbox and mirror lie
     * @param projector applies decoded events
     * @param settings how
     * @param jitter spreads retries; must be safe for all workers
     * @param committed rung after each commit that applied something, so that readers of the feed look at once
     */
    public InboxDrain(
            Database database,
            Projector projector,
            DrainSettings settings,
            RandomGenerator jitter,
            Doorbell committed) {
        this.applier = new Applier(database, new EventDecoder(), projector, settings, jitter);
        this.settings = settings;
        this.committed = committed;
    }

    /** Starts the workers; once. */
    public void start() {
        lock.lock();
        try {
            if (running) {
                throw new IllegalStateException("The drain is running already");
            }
            running = true;
            for (int i = 0; i < settings.workers(); i++) {
                workers.add(Thread.ofPlatform().name("lockstep-drain-" + i).start(this::work));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the workers because something was stored. Returns at once; signals are merged. */
    public void signal() {
        lock.lock();
        try {
            signals++;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Applies what is due now, on the calling thread, until nothing more is due.
     *
     * @return how many events were dealt with
     * @throws org.springframework.dao.DataAccessException when the database is away
     */
    public int drainOnce() {
        return drainWhile(() -> true);
    }

    private int drainWhile(BooleanSupplier goOn) {
        int total = 0;
        int handled;
        do {
            handled = applyBatch(settings.batch());
            total += handled;
        } while (handled == settings.batch() && goOn.getAsBoolean());
        return total;
    }

    private int applyBatch(int limit) {
        int handled = applier.applyDue(limit);
        if (handled > 0) {
            committed.ring();
        }
        return handled;
    }

    /**
     * A worker's way of draining. Large batches cost less for each event, so with a backlog they grow, and in a stream
     * of events it waits a moment for the next ones to gather. A single event is applied at once.
     */
    private void drainInTurn() {
        if (!turns.enters()) {
            return;
        }
        try {
            int limit = settings.batch();
            do {
                int handled = applyBatch(limit);
                while (handled > 0 && isRunning()) {
                    if (turns.done(handled == limit)) {
                        signal();
                    }
                    if (handled == limit) {
                        limit = Math.min(limit * 2, settings.batch() * LARGEST_GROWTH);
                    } else if (handled >= settings.batch() / STREAM) {
                        LockSupport.parkNanos(GATHER.toNanos());
                    } else {
                        break;
                    }
                    handled = applyBatch(limit);
                }
                turns.done(false);
            } while (!turns.leaves());
        } catch (RuntimeException | Error e) {
            turns.breaks();
            throw e;
        }
    }

    /** Stops the workers; each finishes the batch it has. Waits for them up to 20 seconds. */
    @Override
    public void close() {
        List<Thread> stopping;
        lock.lock();
        try {
            running = false;
            awake.signalAll();
            stopping = List.copyOf(workers);
            workers.clear();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread worker : stopping) {
                worker.join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        long seen = -1;
        while (awaitSignal(seen)) {
            seen = current();
            try {
                drainInTurn();
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "{}: the inbox could not be drained ({}); nothing is lost, next try within {} ms.",
                        SyncProblem.Code.SYNC_DRAIN_STALLED,
                        e.getClass().getSimpleName(),
                        settings.backstop().toMillis());
            }
        }
    }

    /** Sleeps until a signal newer than the one seen, or the backstop; false when the drain is closed. */
    private boolean awaitSignal(long seen) {
        lock.lock();
        try {
            long left = settings.backstop().toNanos();
            while (running && signals == seen && left > 0) {
                left = awake.awaitNanos(left);
            }
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRunning() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private long current() {
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }
}
