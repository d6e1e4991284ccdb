package dev.lockstep.sync.tail;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.work.Rounds;
import dev.lockstep.sync.work.Streak;
import dev.lockstep.workos.WorkOsException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The thread that polls the Events API. Every node may run one; the lease lets one of them work. It only stores events;
 * applying them is the drain's work.
 */
public final class EventsTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventsTail.class);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Database database;
    private final TailSettings settings;
    private final Lease lease;
    private final TailReader reader;
    private final Rounds rounds = new Rounds("lockstep-tail", this::round);
    private final Streak streak = new Streak(System::nanoTime);
    /** Whether the polling thread is to end; it must not take the lease again that {@link #close} gives up. */
    private volatile boolean closed;
    /** Of {@link System#nanoTime}; touched by the polling thread only. */
    private long sweptAt;

    /**
     * @param database where lease, cursor and inbox lie
     * @param inbox takes the events
     * @param source gives them
     * @param settings how
     * @param node this node, unique among all that ever were
     * @param clock for the boundary of the first read and for the limits of retention
     * @param loss hears when WorkOS does not know any longer where the tail stood
     */
    public EventsTail(
            Database database,
            Inbox inbox,
            EventSource source,
            TailSettings settings,
            UUID node,
            InstantSource clock,
            CursorLoss loss) {
        this.database = database;
        this.settings = settings;
        this.lease = new Lease(leaseName(settings.environment()), node, settings.leaseTime());
        this.reader = new TailReader(database, inbox, source, settings, lease, clock, () -> closed, loss);
    }

    /** A tail whose loss of the cursor is only logged. */
    public EventsTail(
            Database database, Inbox inbox, EventSource source, TailSettings settings, UUID node, InstantSource clock) {
        this(database, inbox, source, settings, node, clock, (tx, from) -> {});
    }

    /** The name of the lease under which the tail of an environment is read. */
    public static String leaseName(String environment) {
        return "tail:" + environment;
    }

    /** Starts polling; once. */
    public void start() {
        closed = false;
        sweptAt = System.nanoTime();
        rounds.start(Duration.ZERO);
    }

    /**
     * Reads to the end of the Events API, on the calling thread.
     *
     * @throws WorkOsException when WorkOS gives no usable answer; what was read before is stored
     * @throws DataAccessException when the database refuses or is away
     */
    public PollOutcome pollOnce() {
        return reader.poll();
    }

    /** Reads the overlap once more, for events that surfaced behind the cursor; the cursor stays. Otherwise a poll. */
    public PollOutcome sweepOnce() {
        return reader.sweep();
    }

    /** Stops polling and lets another node go on at once. Waits for the page in hand up to 20 seconds. */
    @Override
    public void close() {
        if (!rounds.stop(() -> closed = true, false)) {
            return;
        }
        try {
            database.write(tx -> {
                lease.giveUp(tx);
                return lease;
            });
        } catch (DataAccessException e) {
            LOG.warn("The lease of the tail could not be given up; another node takes it when it runs out.");
        }
    }

    private Duration round() {
        try {
            pollAndSweep();
            int were = streak.ended();
            if (were > 0) {
                LOG.info("The Events tail goes on after {} failures in a row.", were);
            }
            return settings.interval();
        } catch (RuntimeException | Error e) {
            boolean worthALine = streak.failed();
            Duration wait = after(e, streak.length());
            if (worthALine) {
                report(e, streak.length(), wait);
            }
            return wait;
        }
    }

    /** Only WorkOS is spared when it is in trouble; a database that is back is worked with at once. */
    private Duration after(Throwable failure, int failures) {
        if (!(failure instanceof WorkOsException)) {
            return settings.interval();
        }
        Duration doubled = settings.interval().multipliedBy(1L << Math.min(failures, 10));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    private static void report(Throwable failure, int failures, Duration wait) {
        if (failure instanceof WorkOsException e) {
            LOG.error(
                    "{}: the Events API could not be read, failure {} in a row ({}); webhooks still arrive, next poll in"
                            + " {} ms.",
                    SyncProblem.Code.SYNC_TAIL_STALLED,
                    failures,
                    e.problem().code(),
                    wait.toMillis());
        } else if (failure instanceof SyncProblem e) {
            LOG.error("{} Failure {} in a row, next poll in {} ms.", e.getMessage(), failures, wait.toMillis());
        } else {
            LOG.error(
                    "{}: what WorkOS has could not be stored, failure {} in a row ({}); nothing is lost, check the"
                            + " database. Next poll in {} ms.",
                    SyncProblem.Code.SYNC_TAIL_STORE_AWAY,
                    failures,
                    failure.getClass().getSimpleName(),
                    wait.toMillis());
        }
    }

    private void pollAndSweep() {
        PollOutcome outcome = pollOnce();
        long now = System.nanoTime();
        if (outcome instanceof PollOutcome.CaughtUp
                && now - sweptAt >= settings.sweepInterval().toNanos()) {
            sweptAt = now;
            sweepOnce();
        }
    }
}
