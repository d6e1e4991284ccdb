package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import dev.lockstep.sync.freshness.Waiters.Waiter;
import dev.lockstep.sync.inbox.InboxDepth;
import dev.lockstep.sync.tail.Cursors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says how far the mirror has come, from what is committed and nothing else, and lets callers wait for it. It decides
 * nothing: what is too old is the business of {@link StalenessGate}. Thread-safe.
 *
 * <p>It is to follow the change feed of its node. A wait costs no thread but the caller's own, which may be virtual: each
 * step of the feed is one look for everybody who waits. Only where the feed is silent, or is not followed at all as in a
 * command, each who waits looks once a second.
 */
public final class Freshness implements FeedListener, AutoCloseable {
    /** How many callers of one node may wait at once, unless said otherwise. */
    public static final int MOST_WAITERS = 1_000;

    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final String environment;
    private final Waiters waiters;
    /** Counts the steps of the feed that were heard. */
    private final AtomicLong heard = new AtomicLong();

    /**
     * @param database where inbox and cursor lie
     * @param environment the name the Events tail runs under
     */
    public Freshness(Database database, String environment) {
        this(database, environment, MOST_WAITERS);
    }

    /**
     * @param database where inbox and cursor lie
     * @param environment the name the Events tail runs under
     * @param mostWaiters how many callers may wait at once, at least one
     */
    public Freshness(Database database, String environment, int mostWaiters) {
        this.database = database;
        this.environment = environment;
        this.waiters = new Waiters(mostWaiters);
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

    /** What operators look at, at one snapshot of the database. */
    public MirrorStatus status() {
        return database.read(tx -> MirrorStatus.read(tx, environment));
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
     * Waits until an event is applied, or known to mean nothing here.
     *
     * @param event need not have arrived yet
     * @param timeout how long to wait at most; zero looks once
     * @throws dev.lockstep.sync.SyncProblem FRESHNESS_CROWDED when too many wait on this node
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public Awaited awaitEvent(EventId event, Duration timeout) {
        return await(new Wanted.Event(event), timeout);
    }

    /**
     * Waits until the mirror shows an object in a version or a later one. A deleted object is later than any version.
     *
     * @param object need not be there yet
     * @param version from when on it is new enough
     * @param timeout how long to wait at most; zero looks once
     * @throws dev.lockstep.sync.SyncProblem FRESHNESS_CROWDED when too many wait on this node
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public Awaited awaitVersion(MirroredObject object, Version version, Duration timeout) {
        return await(new Wanted.Change(object, version), timeout);
    }

    /**
     * Waits until every event up to a time is in the mirror or parked.
     *
     * @param time by the clock of WorkOS
     * @param timeout how long to wait at most; zero looks once
     * @throws dev.lockstep.sync.SyncProblem FRESHNESS_CROWDED when too many wait on this node
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public Awaited awaitThrough(Instant time, Duration timeout) {
        return await(new Wanted.Through(time), timeout);
    }

    /**
     * Waits until the mirror shows everything that somebody has written or seen before.
     *
     * @param token of {@link WriteThrough}
     * @param timeout how long to wait at most for all of it
     * @throws dev.lockstep.sync.SyncProblem FRESHNESS_CROWDED when too many wait on this node
     * @throws org.springframework.dao.DataAccessException when the database cannot be asked
     */
    public Awaited await(ReadToken token, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (ReadToken.Part part : token.parts()) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            Awaited end = awaitVersion(part.object(), new Version.OfChange(part.updatedAt()), left);
            if (end != Awaited.REACHED) {
                return end;
            }
        }
        return Awaited.REACHED;
    }

    /** How many callers wait on this node at this moment. */
    public int waiting() {
        return waiters.count();
    }

    /** One look for everybody who waits, at the snapshot of the step. */
    @Override
    public void onTick(Tick tick) {
        heard.incrementAndGet();
        List<Waiter> all = waiters.all();
        if (!all.isEmpty()) {
            Look look = Look.at(tick.tx(), wanted(all));
            Waiters.settle(all, look::outcome);
        }
    }

    /** Looks for everybody who waits, on the calling thread; for programs that have no change feed. */
    public void changed() {
        List<Waiter> all = waiters.all();
        if (!all.isEmpty()) {
            Look look = database.read(tx -> Look.at(tx, wanted(all)));
            Waiters.settle(all, look::outcome);
        }
    }

    /** Ends every wait with {@link Awaited#GIVEN_UP}, and every later one at once. */
    @Override
    public void close() {
        waiters.close();
    }

    private Awaited await(Wanted wanted, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        // Enters before it looks: what is committed after this look is seen by a later step of the feed.
        Waiter waiter = waiters.enter(wanted);
        try {
            Optional<Awaited> found = look(wanted);
            long left = deadline - System.nanoTime();
            while (found.isEmpty() && left > 0) {
                long before = heard.get();
                found = waiters.await(waiter, Duration.ofNanos(Math.min(left, SILENCE_NANOS)));
                if (found.isEmpty() && heard.get() == before) {
                    // Nothing happens, or nobody follows the feed; only the database itself knows.
                    found = look(wanted);
                }
                left = deadline - System.nanoTime();
            }
            return found.orElse(Awaited.TIMED_OUT);
        } finally {
            waiters.leave(waiter);
        }
    }

    private Optional<Awaited> look(Wanted wanted) {
        return database.read(tx -> Look.at(tx, List.of(wanted))).outcome(wanted);
    }

    private static List<Wanted> wanted(List<Waiter> all) {
        return all.stream().map(Waiter::wanted).toList();
    }
}
