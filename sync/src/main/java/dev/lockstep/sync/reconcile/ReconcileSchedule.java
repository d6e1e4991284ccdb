package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.tail.Lease;
import dev.lockstep.sync.work.Rounds;
import dev.lockstep.workos.WorkOsException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
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

    private final Database database;
    private final Reconcile reconcile;
    private final DriftLog log;
    private final Settings settings;
    private final Lease lease;
    private final Rounds rounds = new Rounds("lockstep-reconcile", this::round);
    /** Of {@link System#nanoTime}; set before the thread begins. */
    private long startedAt;
    /** In a row; touched by the comparing thread only. */
    private int failures;
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
        startedAt = System.nanoTime();
        rounds.start(settings.look());
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
        rounds.stop(() -> {}, true);
    }

    private void prolong() {
        if (System.nanoTime() - prolongedAt > LEASE.toNanos() / 4) {
            prolongedAt = System.nanoTime();
            database.write(lease::take);
        }
    }

    private Duration round() {
        try {
            runIfDue(System.nanoTime() - startedAt >= settings.settling().toNanos());
            failures = 0;
            return settings.look();
        } catch (SyncProblem | WorkOsException | DataAccessException e) {
            if (!rounds.goOn()) {
                return Duration.ZERO;
            }
            failures++;
            Duration wait = backOff(failures);
            LOG.error(
                    "{}: the comparison with WorkOS came to no verdict ({}); it goes on in {} s.",
                    SyncProblem.Code.SYNC_RECONCILE_FAILED,
                    reason(e),
                    wait.toSeconds());
            return wait;
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
}
