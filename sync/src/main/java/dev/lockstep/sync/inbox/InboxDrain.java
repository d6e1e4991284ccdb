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

    private final Applier applier;
    private final DrainSettings settings;
    private final Doorbell committed;
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
            handled = applier.applyDue();
            if (handled > 0) {
                committed.ring();
            }
            total += handled;
        } while (handled == settings.batch() && goOn.getAsBoolean());
        return total;
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
                drainWhile(this::isRunning);
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
