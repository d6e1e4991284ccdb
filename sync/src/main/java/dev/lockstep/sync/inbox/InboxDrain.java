package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.work.Crew;
import dev.lockstep.workos.event.EventDecoder;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The worker threads between inbox and mirror. Any number of drains on any number of nodes may work on one inbox; each
 * event is applied once. Thread-safe.
 */
public final class InboxDrain implements AutoCloseable {
    private final Applier applier;
    private final DrainSettings settings;
    private final Doorbell committed;
    private final Crew crew;

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
        String trouble = SyncProblem.Code.SYNC_DRAIN_STALLED + ": the inbox could not be drained; nothing is lost";
        this.crew = new Crew(
                new Crew.Settings("lockstep-drain", settings.workers(), settings.backstop(), trouble),
                this::drainWhileRunning);
    }

    /** Starts the workers; once. */
    public void start() {
        crew.start();
    }

    /** Wakes the workers because something was stored. Returns at once; signals are merged. */
    public void signal() {
        crew.signal();
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

    private void drainWhileRunning() {
        drainWhile(crew::isRunning);
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
        crew.close();
    }
}
