package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.inbox.InboxDepth;
import dev.lockstep.sync.tail.Cursors;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says how far the mirror has come, from what is committed and nothing else. It decides nothing: what is too old is the
 * caller's question. Thread-safe.
 */
public final class Freshness {
    /** Another node may apply the event without telling this one, so a waiter looks for itself this often. */
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(50).toNanos();

    private final Database database;
    private final String environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Counts up with each {@link #changed}; guarded by the lock. */
    private long changes;

    /**
     * @param database where inbox and cursor lie
     * @param environment the name the Events tail runs under
     */
    public Freshness(Database database, String environment) {
        this.database = database;
        this.environment = environment;
    }

    /**
     * A promise about the mirror.
     *
     * @param appliedThrough every event up to this time of WorkOS is in the mirror or parked; empty when no poll has
     *     proved anything yet
     * @param cursor the last event id the Events tail has stored; empty before the first
     * @param parked events that are stored and not in the mirror until an operator acts
     */
    public record Watermark(Optional<Instant> appliedThrough, Optional<EventId> cursor, long parked) {}

    /**
     * What health checks and meters show.
     *
     * @param watermark how far the mirror has come
     * @param depth how full the inbox is
     * @param pollAge how long ago the tail last reached the end; empty when it never has
     */
    public record Report(Watermark watermark, InboxDepth depth, Optional<Duration> pollAge) {}

    /** How far the mirror has come, at one snapshot of the database. */
    public Watermark watermark() {
        return report().watermark();
    }

    /** The latest time up to which every event is in the mirror or parked, as the open transaction sees it. */
    public static Optional<Instant> appliedThrough(Tx tx) {
        return Cursors.appliedThrough(tx);
    }

    /** Everything at one snapshot of the database. */
    public Report report() {
        return database.read(tx -> {
            InboxDepth depth = InboxDepth.read(tx);
            Optional<EventId> cursor =
                    Cursors.read(tx, environment).flatMap(stands -> Optional.ofNullable(stands.event()));
            return new Report(
                    new Watermark(Cursors.appliedThrough(tx), cursor, depth.parked()),
                    depth,
                    Cursors.pollAge(tx, environment));
        });
    }

    /**
     * Waits until an event is applied.
     *
     * @param event need not have arrived yet
     * @param timeout how long to wait at most
     * @return false when the time is over, also for an event that is parked
     */
    public boolean awaitEvent(EventId event, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = changes();
            if (database.read(tx -> InboxDepth.isFinished(tx, event)).orElse(false)) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || !pause(seen, Math.min(left, LOOK_AGAIN_NANOS))) {
                return false;
            }
        }
    }

    /**
     * Waits until every event up to a time is in the mirror or parked.
     *
     * @param time by the clock of WorkOS
     * @param timeout how long to wait at most
     * @return false when the time is over
     */
    public boolean awaitThrough(Instant time, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = changes();
            Optional<Instant> through = database.read(Cursors::appliedThrough);
            if (through.isPresent() && !through.get().isBefore(time)) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || !pause(seen, Math.min(left, LOOK_AGAIN_NANOS))) {
                return false;
            }
        }
    }

    /** Tells waiters to look again; to be rung after each commit of the drain. Returns at once. */
    public void changed() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps until something changed since then, or the time is over; false when interrupted. */
    private boolean pause(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
