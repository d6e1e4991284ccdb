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
    /** How often is looked whether something that has failed is due again. */
    private static final Duration REPEATING = Duration.ofMillis(200);

    private final Applier applier;
    private final DrainSettings settings;
    private final Doorbell committed;
    private final Turns turns;
    private final Repeats repeats;
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
        this.repeats = new Repeats(settings.batch(), REPEATING, System::nanoTime);
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
        return drainAll(DrainRows::claimNew) + drainAll(DrainRows::claimFailed);
    }

    private int drainAll(Applier.Claim claim) {
        int total = 0;
        int handled;
        do {
            handled = applyBatch(claim, settings.batch()).handled();
            total += handled;
        } while (handled == settings.batch());
        return total;
    }

    private Applier.Batch applyBatch(Applier.Claim claim, int limit) {
        Applier.Batch batch = applier.apply(claim, limit);
        if (batch.handled() > 0) {
            committed.ring();
        }
        return batch;
    }

    /** A worker's way: new events first; whoever is not needed for them tries again what has failed. */
    private void drainInTurn() {
        do {
            if (turns.enters()) {
                drainNew();
            }
        } while (repeat() && crew.isRunning());
    }

    private boolean repeat() {
        return repeats.next(limit -> applyBatch(DrainRows::claimFailed, limit));
    }

    /** A lone event at once, those that follow close behind together a moment later, and a backlog as fast as it goes. */
    private void drainNew() {
        try {
            boolean more;
            do {
                LockSupport.parkNanos(turns.pauseNanos());
                int limit = turns.limit();
                Applier.Batch batch = applyBatch(DrainRows::claimNew, limit);
                more = batch.handled() == limit;
                if (turns.done(batch, limit)) {
                    crew.signal();
                }
                if (more) {
                    repeat();
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
