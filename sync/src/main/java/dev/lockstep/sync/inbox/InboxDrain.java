package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.work.Crew;
import dev.lockstep.sync.work.EventTally;
import dev.lockstep.workos.event.EventDecoder;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The worker threads between inbox and mirror. Any number of drains on any number of nodes may work on one inbox; each
 * event is applied once. Thread-safe.
 */
public final class InboxDrain implements AutoCloseable {
    /** A batch takes some ten milliseconds; one that takes so much longer waits for a lock. */
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** How far apart batches are while there is no backlog. */
    private static final Duration SPACING = Duration.ofMillis(40);

    private final Applier applier;
    private final DrainSettings settings;
    private final Doorbell committed;
    private final Turns turns;
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
        this.turns = new Turns(settings.batch(), SPACING, PATIENCE, System::nanoTime);
        this.committed = committed;
        String trouble = SyncProblem.Code.SYNC_DRAIN_STALLED + ": the inbox could not be drained; nothing is lost";
        this.crew = new Crew(
                new Crew.Settings("lockstep-drain", settings.workers(), settings.backstop(), trouble),
                this::drainInTurn);
    }

    /** What became of the events that it took. */
    public EventTally tally() {
        return applier.tally();
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
     * A worker's way of draining: a lone event at once, those that follow close behind together a moment later, and a
     * backlog as fast as it goes.
     */
    private void drainInTurn() {
        if (!turns.enters()) {
            return;
        }
        try {
            boolean more;
            do {
                LockSupport.parkNanos(turns.pauseNanos());
                int limit = turns.limit();
                int handled = applyBatch(limit);
                more = handled == limit;
                if (turns.done(handled, limit)) {
                    crew.signal();
                }
            } while (crew.isRunning() && (more || !turns.leaves()));
            if (more) {
                turns.breaks();
            }
        } catch (RuntimeException | Error e) {
            turns.breaks();
            throw e;
        }
    }

    /** Stops the workers; each finishes the batch it has. Waits for them up to 20 seconds. */
    @Override
    public void close() {
        crew.close();
    }
}
