package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.tail.Lease;
import dev.lockstep.workos.WorkOsException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The thread that compares the mirror with WorkOS again and again, one node at a time: in its turn, and at once when
 * somebody asked for it, such as the tail that lost its place. A node that takes over goes on where the other was.
 */
public final class ReconcileSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileSchedule.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final Database database;
    private final Reconcile reconcile;
    private final DriftLog log;
    private final Settings settings;
    private final Lease lease;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    /** Null before start and after close; guarded by the lock. */
    private @Nullable Thread thread;
    /** Of {@link System#nanoTime}; touched by the comparing thread only. */
    private long prolongedAt;

    /**
     * @param database where verdicts and the lease lie
     * @param reconcile does the work
     * @param settings when
     * @param environment names the lease; one per WorkOS environment
     * @param node this node, unique among all that ever were
     */
    public ReconcileSchedule(Database database, Reconcile reconcile, Settings settings, String environment, UUID node) {
        this.database = database;
        this.reconcile = reconcile;
        this.log = new DriftLog(database);
        this.settings = settings;
        this.lease = new Lease("reconcile:" + environment, node, LEASE);
    }

    /**
     * When to compare.
     *
     * @param every from the end of one comparison to the beginning of the next
     * @param mode what to do with drift; what somebody asked for repairs in any case
     * @param look how often to see whether one is due
     * @param settling how long after its start a node leaves a mirror alone that was never compared
     */
    public record Settings(Duration every, Mode mode, Duration look, Duration settling) {
        public Settings {
            if (!every.isPositive() || !look.isPositive() || settling.isNegative()) {
                throw new IllegalArgumentException("the times of the comparison must be positive");
            }
        }

        /** Looks each half minute; a mirror that was never compared has five minutes. */
        public static Settings of(Duration every, Mode mode) {
            return new Settings(every, mode, Duration.ofSeconds(30), Duration.ofMinutes(5));
        }
    }

    /** Starts comparing; once. */
    public void start() {
        lock.lock();
        try {
            if (thread != null) {
                throw new IllegalStateException("The comparison is running already");
            }
            thread = Thread.ofPlatform().name("lockstep-reconcile").start(this::run);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Compares, if it is time and no other node does, on the calling thread.
     *
     * @param settled whether a mirror that was never compared is to be compared now
     * @return the verdict, if there was a comparison
     */
    public Optional<Verdict> runIfDue(boolean settled) {
        Optional<String> wanted = log.wanted();
        Optional<Duration> age = log.age();
        boolean due = age.map(past -> past.compareTo(settings.every()) >= 0).orElse(settled);
        if (wanted.isEmpty() && !due) {
            return Optional.empty();
        }
        if (database.write(lease::take).isEmpty()) {
            return Optional.empty();
        }
        prolongedAt = System.nanoTime();
        wanted.ifPresent(reason -> LOG.warn("The whole mirror is compared with WorkOS: {}.", reason));
        try {
            return Optional.of(reconcile.run(wanted.isPresent() ? Mode.REPAIR : settings.mode(), totals -> prolong()));
        } finally {
            database.write(tx -> {
                lease.giveUp(tx);
                return lease;
            });
        }
    }

    /** Stops between two pages; the next start, or another node, goes on there. Waits up to 20 seconds. */
    @Override
    public void close() {
        Thread stopping;
        lock.lock();
        try {
            stopping = thread;
            thread = null;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        if (stopping == null) {
            return;
        }
        stopping.interrupt();
        try {
            stopping.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void prolong() {
        if (System.nanoTime() - prolongedAt > LEASE.toNanos() / 4) {
            prolongedAt = System.nanoTime();
            database.write(lease::take);
        }
    }

    private void run() {
        long startedAt = System.nanoTime();
        int failures = 0;
        Duration wait = settings.look();
        while (sleep(wait)) {
            try {
                runIfDue(System.nanoTime() - startedAt >= settings.settling().toNanos());
                failures = 0;
                wait = settings.look();
            } catch (SyncProblem | WorkOsException | DataAccessException e) {
                if (!isMine()) {
                    return;
                }
                failures++;
                wait = backOff(failures);
                LOG.error(
                        "{}: the comparison with WorkOS came to no verdict ({}); it goes on in {} s.",
                        SyncProblem.Code.SYNC_RECONCILE_FAILED,
                        reason(e),
                        wait.toSeconds());
            }
        }
    }

    private static String reason(RuntimeException failure) {
        return switch (failure) {
            case SyncProblem problem -> problem.code().name();
            case WorkOsException problem -> problem.problem().code();
            default -> failure.getClass().getSimpleName();
        };
    }

    private Duration backOff(int failures) {
        Duration doubled = settings.look().multipliedBy(1L << Math.min(failures, 10));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    /** Waits, and returns false when this is closed. */
    private boolean sleep(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (isMine() && left > 0) {
                left = closing.awaitNanos(left);
            }
            return isMine();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isMine() {
        lock.lock();
        try {
            return Thread.currentThread().equals(thread);
        } finally {
            lock.unlock();
        }
    }
}
