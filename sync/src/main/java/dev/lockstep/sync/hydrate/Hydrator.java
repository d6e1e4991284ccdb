package dev.lockstep.sync.hydrate;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.hydrate.RefetchQueue.Claimed;
import dev.lockstep.sync.work.Rounds;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.object.ObjectsApi.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what the mirror wants to know again, one object after another on a thread of its own. It never holds up
 * events. What WorkOS says twice is not there any more, it marks as gone; events say the same, mostly earlier.
 * Any number of nodes may work on one queue. Thread-safe.
 */
public final class Hydrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hydrator.class);

    private final Database database;
    private final ObjectSource source;
    private final ObjectSink sink;
    private final HydrateSettings settings;
    private final InstantSource clock;
    private final BooleanSupplier eventsWait;
    /** Only for the thread. */
    private boolean backlog;

    private long lookedAt;
    private final Rounds rounds = new Rounds("lockstep-hydrate", this::round);

    /**
     * @param database where the queue is
     * @param source is asked, with the urgency of hydration
     * @param sink takes what it answered
     * @param settings how
     * @param clock says when a fetch began
     * @param eventsWait whether there is a backlog of events; while there is, this keeps to one batch in each poll, for
     *     the events need the processors, and mostly ask for the same objects once more
     */
    public Hydrator(
            Database database,
            ObjectSource source,
            ObjectSink sink,
            HydrateSettings settings,
            InstantSource clock,
            BooleanSupplier eventsWait) {
        this.database = database;
        this.source = source;
        this.sink = sink;
        this.settings = settings;
        this.clock = clock;
        this.eventsWait = eventsWait;
        this.lookedAt = System.nanoTime() - settings.poll().toNanos();
    }

    /** Starts the thread; once. */
    public void start() {
        rounds.start(settings.poll());
    }

    /**
     * Fetches what is due now, on the calling thread, until nothing more is due or WorkOS cannot be reached.
     *
     * @return how many objects were dealt with
     * @throws org.springframework.dao.DataAccessException when the database is away
     */
    public int hydrateOnce() {
        return hydrateWhile(() -> true, () -> true);
    }

    /** @param another whether a further batch may follow a full one */
    int hydrateWhile(BooleanSupplier goOn, BooleanSupplier another) {
        int total = 0;
        while (goOn.getAsBoolean()) {
            List<Claimed> claimed = database.write(tx -> RefetchQueue.claim(tx, settings.batch(), settings.lease()));
            int fetched = 0;
            while (fetched < claimed.size() && goOn.getAsBoolean() && fetch(claimed.get(fetched))) {
                fetched++;
            }
            total += fetched;
            if (fetched < claimed.size()) {
                putBack(claimed.subList(fetched, claimed.size()));
            }
            if (fetched < settings.batch() || !another.getAsBoolean()) {
                return total;
            }
        }
        return total;
    }

    /** Stops after the object that is being fetched. Waits up to 20 seconds. */
    @Override
    public void close() {
        rounds.stop();
    }

    /** Returns false when WorkOS could not be asked at all; nothing has happened then. */
    private boolean fetch(Claimed claimed) {
        Wanted wanted = claimed.wanted();
        try {
            if (wanted.reason() != Wanted.Reason.PARENT || !sink.has(wanted.kind(), wanted.key())) {
                Instant startedAt = clock.instant();
                String organization =
                        sink.organizationOf(wanted.kind(), wanted.key()).orElse(null);
                switch (source.get(wanted.kind(), wanted.key(), organization)) {
                    case Found.There there -> sink.apply(there.object(), startedAt);
                    case Found.Gone gone -> {
                        if (doubted(claimed, startedAt)) {
                            return true;
                        }
                    }
                    case Found.NotAskable never -> {}
                }
            }
            database.write(tx -> {
                RefetchQueue.done(tx, claimed);
                return true;
            });
            return true;
        } catch (WorkOsException e) {
            if (e.problem().isTransient()) {
                LOG.debug("WorkOS cannot be asked at present: {}", e.problem().code());
                return false;
            }
            refused(claimed, e);
            return true;
        }
    }

    /** The first time WorkOS has no such object it is asked once more, later; returns whether that is so. */
    private boolean doubted(Claimed claimed, Instant askedAt) {
        Wanted wanted = claimed.wanted();
        if (!sink.isAlive(wanted.kind(), wanted.key())) {
            return false;
        }
        if (wanted.reason() == Wanted.Reason.GONE) {
            sink.bury(wanted.kind(), wanted.key(), askedAt);
            return false;
        }
        database.write(tx -> {
            RefetchQueue.doubt(tx, claimed);
            return true;
        });
        return true;
    }

    private void refused(Claimed claimed, WorkOsException e) {
        boolean hopeless = claimed.attempts() >= settings.attempts();
        database.write(tx -> {
            if (hopeless) {
                RefetchQueue.done(tx, claimed);
            } else {
                RefetchQueue.postpone(tx, claimed, settings.delayAfter(claimed.attempts()));
            }
            return hopeless;
        });
        LOG.warn(
                "{}: WorkOS does not give {} {} ({}, attempt {}); {}.",
                SyncProblem.Code.SYNC_REFETCH_FAILED,
                claimed.wanted().kind().label(),
                claimed.wanted().key(),
                e.problem().code(),
                claimed.attempts(),
                hopeless ? "it stays as it is" : "it is tried again");
    }

    private void putBack(List<Claimed> rest) {
        database.write(tx -> {
            rest.forEach(claimed -> RefetchQueue.putBack(tx, claimed, settings.firstDelay()));
            return rest.size();
        });
    }

    /** Looks once in a poll: where very many events are being stored, looking takes a while. */
    private boolean doEventsWait() {
        long now = System.nanoTime();
        if (now - lookedAt >= settings.poll().toNanos()) {
            lookedAt = now;
            backlog = eventsWait.getAsBoolean();
        }
        return backlog;
    }

    private Duration round() {
        try {
            hydrateWhile(rounds::goOn, () -> !doEventsWait());
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{}: the queue of objects to fetch could not be worked on ({}); next try within {} ms.",
                    SyncProblem.Code.SYNC_REFETCH_FAILED,
                    e.getClass().getSimpleName(),
                    settings.poll().toMillis());
        }
        return settings.poll();
    }
}
