package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Comparison;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Repairs;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fills the mirror from WorkOS's lists and removes what WorkOS does not have. Events go on meanwhile; a row of a list
 * never beats what an event knows. One process at a time; another one that goes on with the same run stops this one.
 */
public final class Backfill {
    private static final Duration BEFORE_THE_FIRST_CALL = Duration.ofMinutes(2);

    private final Database database;
    private final ObjectSource source;
    private final Snapshots snapshots;
    private final Repairs repairs;
    private final Comparison comparison = new Comparison();
    private final Runs runs;
    private final TailGate tail;
    private final Doorbell committed;

    /**
     * @param database where the mirror is
     * @param source what is walked
     * @param tail says when the events of the walk's time are in
     * @param committed rung after commits
     */
    public Backfill(Database database, ObjectSource source, TailGate tail, Doorbell committed) {
        this.database = database;
        this.source = source;
        this.snapshots = new Snapshots(database, committed);
        this.repairs = new Repairs(snapshots);
        this.runs = Runs.ofBackfill(database);
        this.tail = tail;
        this.committed = committed;
    }

    /** Says when the Events tail has gone far enough. */
    @FunctionalInterface
    public interface TailGate {
        /** Waits until every event up to a time of WorkOS's clock is in the mirror; false when that took too long. */
        boolean awaitThrough(Instant time);
    }

    /** How a backfill begins. */
    public enum Start {
        /** Only when there is no unfinished one. */
        FRESH,
        /** With the unfinished one, behind its last page. */
        RESUME,
        /** Anew; an unfinished one is given up. */
        RESTART
    }

    /**
     * What a backfill did, over all its resumptions.
     *
     * @param boundary what changed later, the tail brings
     * @param seen objects that could be read
     * @param written of them were new or other than the row
     * @param unchanged of them were there already
     * @param deleted rows that WorkOS does not have, asked for one by one
     * @param failed objects that could not be read, and lists and lookups without an answer
     * @param absencesChecked false when the tail did not come far enough to tell a deleted row from a late one
     */
    public record Summary(
            Instant boundary,
            long pages,
            long seen,
            long written,
            long unchanged,
            long deleted,
            long failed,
            boolean absencesChecked) {
        /** Whether the mirror holds everything and nothing else. */
        public boolean isComplete() {
            return failed == 0 && absencesChecked;
        }
    }

    /**
     * Runs to the end, on the calling thread. An interrupt ends it between two pages.
     *
     * @param progress told after each page
     * @throws SyncProblem SYNC_WALK_UNCLEAR, SYNC_WALK_STOPPED or SYNC_WALK_OVERTAKEN; what was read is stored
     */
    public Summary run(Start start, Consumer<Totals> progress) {
        Run run = begin(start);
        Walk walk = new Walk(database, source, runs, progress);
        walk.pages(run.id(), this::store);
        committed.ring();
        Totals totals = runs.totals(run.id());
        if (totals.shardsFailed() > 0) {
            return summary(run, totals, totals.shardsFailed(), false);
        }
        Instant end = runs.open().map(Run::walkedThrough).orElseGet(source::now);
        if (!tail.awaitThrough(end)) {
            return summary(run, totals, 0, false);
        }
        long unasked = walk.absences(run.id(), removal(run));
        committed.ring();
        Summary summary = summary(run, totals, unasked, true);
        if (unasked == 0) {
            runs.finish(run.id());
        }
        return summary;
    }

    private Run begin(Start start) {
        Optional<Run> open = runs.open();
        return switch (start) {
            case RESUME ->
                runs.again(open.orElseThrow(() -> unclear("No backfill is unfinished; start one without --resume."))
                        .id());
            case FRESH -> {
                if (open.isPresent()) {
                    throw unclear("The backfill of " + open.get().startedAt()
                            + " is unfinished; go on with --resume, or begin anew with --restart.");
                }
                yield runs.begin(boundary());
            }
            case RESTART -> runs.begin(boundary());
        };
    }

    private Instant boundary() {
        return source.serverTime().minus(BEFORE_THE_FIRST_CALL);
    }

    private long store(Tx tx, Mirrored kind, Listed page) {
        long changed = comparison
                .differences(tx, kind, page.objects(), page.fetchStartedAt())
                .size();
        snapshots.applyIn(tx, page.objects(), page.fetchStartedAt(), Writer.SNAPSHOT);
        return changed;
    }

    private Walk.Absent removal(Run run) {
        return new Walk.Absent() {
            @Override
            public void gone(Mirrored kind, String id, Instant askedAt) {
                database.write(tx -> {
                    boolean buried = repairs.confirmGone(tx, kind, id, askedAt);
                    if (buried) {
                        runs.countDeleted(tx, run.id());
                    }
                    return buried;
                });
            }

            @Override
            public void there(Mirrored kind, String id, Snapshots.Fetched shown, Instant askedAt) {
                snapshots.apply(shown, askedAt, Writer.SNAPSHOT);
            }
        };
    }

    private Summary summary(Run run, Totals totals, long failed, boolean absencesChecked) {
        long deleted = runs.open().map(Run::deleted).orElse(0L);
        return new Summary(
                run.boundary(),
                totals.pages(),
                totals.seen(),
                totals.changed(),
                totals.seen() - totals.changed(),
                deleted,
                totals.unreadable() + failed,
                absencesChecked);
    }

    private static SyncProblem unclear(String sentence) {
        return new SyncProblem(SyncProblem.Code.SYNC_WALK_UNCLEAR, sentence);
    }
}
