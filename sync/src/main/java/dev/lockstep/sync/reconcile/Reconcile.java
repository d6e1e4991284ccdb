package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.ObjectSource;
import dev.lockstep.sync.backfill.Runs;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.backfill.Totals;
import dev.lockstep.sync.backfill.Walk;
import dev.lockstep.sync.freshness.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the whole mirror with what WorkOS lists, and repairs it when told so. A list whose rows have the same hash is
 * exact and needs no second look; elsewhere rows that no list showed are asked for one by one. Runs may be killed at any
 * page and gone on with. Several may be made; one walk goes on at a time, and a new one stops the older.
 */
public final class Reconcile {
    private static final Logger LOG = LoggerFactory.getLogger(Reconcile.class);
    private static final Duration BEFORE_THE_FIRST_CALL = Duration.ofMinutes(2);

    private final Database database;
    private final ObjectSource source;
    private final Freshness freshness;
    private final Settings settings;
    private final Runs runs;
    private final DriftLog log;
    private final Doorbell committed;

    /**
     * @param database where the mirror is
     * @param source what it is compared with
     * @param freshness says what the mirror has promised
     * @param settings how
     * @param committed rung after commits
     */
    public Reconcile(
            Database database, ObjectSource source, Freshness freshness, Settings settings, Doorbell committed) {
        this.database = database;
        this.source = source;
        this.freshness = freshness;
        this.settings = settings;
        this.runs = Runs.ofReconcile(database);
        this.log = new DriftLog(database);
        this.committed = committed;
    }

    /**
     * How a comparison goes about.
     *
     * @param lanes how many lists are read at a time
     * @param patience how long to wait, once a walk, for the tail to tell a fresh deletion from a row too many
     */
    public record Settings(int lanes, Duration patience) {
        public Settings {
            if (lanes < 1 || lanes > 64 || patience.isNegative()) {
                throw new IllegalArgumentException("a comparison reads 1 to 64 lists at a time and waits 0 s or more");
            }
        }

        /** Four lists at a time, thirty seconds. */
        public static Settings defaults() {
            return new Settings(4, Duration.ofSeconds(30));
        }
    }

    /** What to do with drift. */
    public enum Mode {
        /** Look only. */
        DRY_RUN,
        /** Make the mirror say what WorkOS says. */
        REPAIR
    }

    /**
     * Compares everything, on the calling thread and lanes of its own; goes on with an unfinished comparison of the
     * same mode, behind its last pages. An interrupt ends it between two pages.
     *
     * @param progress told after each page, by one thread at a time
     * @throws SyncProblem SYNC_WALK_STOPPED or SYNC_WALK_OVERTAKEN; what was found is kept
     */
    public Verdict run(Mode mode, Consumer<Totals> progress) {
        Run run = begin(mode == Mode.REPAIR);
        Walk walk = new Walk(database, source, runs, settings.lanes(), progress);
        Inspection inspection = new Inspection(database, source, runs, log, run);
        walk.pages(run, inspection);
        committed.ring();
        Leftovers leftovers = new Leftovers(database, runs, log, freshness, settings.patience(), run);
        long unasked = walk.absences(run, leftovers);
        committed.ring();
        Totals totals = runs.totals(run.id());
        long failed = totals.shardsFailed() + totals.unreadable() + unasked + inspection.failed();
        Verdict verdict = database.write(tx -> {
            runs.finish(tx, run.id());
            return log.conclude(tx, run, totals.seen(), failed, totals.shards(), runs.exactShards(tx, run.id()));
        });
        report(verdict);
        return verdict;
    }

    private Run begin(boolean repairs) {
        return runs.open()
                .filter(open -> open.repairs() == repairs)
                .map(open -> {
                    runs.tryAgain(open.id());
                    return open;
                })
                .orElseGet(() -> {
                    Instant boundary = source.serverTime().minus(BEFORE_THE_FIRST_CALL);
                    return database.write(tx -> runs.begin(tx, boundary, repairs, source.kinds()));
                });
    }

    private static void report(Verdict verdict) {
        if (verdict.drift() == 0 && verdict.failed() == 0) {
            LOG.info("The mirror is what WorkOS shows: {} objects in {} lists.", verdict.seen(), verdict.lists());
        } else {
            LOG.warn(
                    "{}: of {} objects {} were missing, {} too many, {} stale, {} with another value; {} repaired, {}"
                            + " not compared. See ./lockstep reconcile --last.",
                    SyncProblem.Code.SYNC_DRIFT,
                    verdict.seen(),
                    verdict.missing(),
                    verdict.extra(),
                    verdict.stale(),
                    verdict.field(),
                    verdict.repaired(),
                    verdict.failed());
        }
    }
}
