package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Row;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.backfill.Runs.Taken;
import dev.lockstep.sync.backfill.Walk.Observation;
import dev.lockstep.sync.projection.Comparison;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Observed;
import dev.lockstep.sync.projection.Repairs;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.sync.tail.Cursors;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Fills the mirror from WorkOS's lists and removes what WorkOS does not have. Events go on meanwhile; a row of a list
 * never beats what an event knows. One process at a time; another one that begins anew stops this one.
 */
public final class Backfill {
    private static final Duration BEFORE_THE_FIRST_CALL = Duration.ofMinutes(2);
    /** Each object and each parent takes a place in the server's table of locks until the commit. */
    private static final int PAGES_AT_ONCE = 4;

    private final Database database;
    private final ObjectSource source;
    private final String environment;
    private final int lanes;
    private final Snapshots snapshots;
    private final Repairs repairs = new Repairs();
    private final Comparison comparison = new Comparison();
    private final Runs runs;
    private final Doorbell committed;

    /**
     * @param database where the mirror is
     * @param source what is walked
     * @param environment the name the Events tail runs under; where it has not begun, it begins at the boundary
     * @param lanes how many lists are read at a time
     * @param committed rung after commits
     */
    public Backfill(Database database, ObjectSource source, String environment, int lanes, Doorbell committed) {
        this.database = database;
        this.source = source;
        this.environment = environment;
        this.lanes = lanes;
        this.snapshots = new Snapshots(database, committed);
        this.runs = Runs.ofBackfill(database);
        this.committed = committed;
    }

    /** How a backfill begins. */
    public enum Start {
        /** Only when there is no unfinished one. */
        FRESH,
        /** With the unfinished one, behind its last pages. */
        RESUME,
        /** Anew; an unfinished one is given up. */
        RESTART
    }

    /**
     * What a backfill did, over all its resumptions.
     *
     * @param boundary what changed later, the tail brings; by the clock of WorkOS
     * @param shards lists that were known
     * @param pages read
     * @param seen objects that could be read
     * @param written of what came, new or other than the row
     * @param deleted rows that WorkOS does not have, asked for one by one
     * @param unreadable objects that could not be read
     * @param failed lists that could not be read to their end, and rows that could not be asked for
     */
    public record Summary(
            Instant boundary,
            long shards,
            long pages,
            long seen,
            long written,
            long deleted,
            long unreadable,
            long failed) {
        /** Whether everything that WorkOS lists was read, and everything it does not have is marked as gone. */
        public boolean isComplete() {
            return failed == 0 && unreadable == 0;
        }
    }

    /** The unfinished one, if any. */
    public Optional<Run> unfinished() {
        return runs.open();
    }

    /**
     * Runs to the end, on the calling thread and lanes of its own. An interrupt ends it between two pages.
     *
     * @param progress told after each page, by one thread at a time
     * @throws SyncProblem SYNC_WALK_UNCLEAR, SYNC_WALK_STOPPED or SYNC_WALK_OVERTAKEN; what was read is stored
     */
    public Summary run(Start start, Consumer<Totals> progress) {
        Run run = begin(start);
        Walk walk = new Walk(database, source, runs, lanes, progress);
        walk.pages(run, new Filling());
        committed.ring();
        Totals totals = runs.totals(run.id());
        long unasked = walk.absences(run, removal(run));
        committed.ring();
        long failed = totals.shardsFailed() + unasked;
        Summary summary = new Summary(
                run.boundary(),
                totals.shards(),
                totals.pages(),
                totals.seen(),
                totals.changed(),
                runs.deletions(run.id()),
                totals.unreadable(),
                failed);
        if (failed == 0) {
            database.write(tx -> {
                runs.finish(tx, run.id());
                return run;
            });
        }
        return summary;
    }

    private Run begin(Start start) {
        Optional<Run> open = runs.open();
        return switch (start) {
            case RESUME -> {
                Run run = open.orElseThrow(() -> unclear("No backfill is unfinished; start one without --resume."));
                runs.tryAgain(run.id());
                yield run;
            }
            case FRESH -> {
                if (open.isPresent()) {
                    throw unclear("The backfill of " + open.get().startedAt()
                            + " is unfinished; go on with --resume, or begin anew with --restart.");
                }
                yield begun();
            }
            case RESTART -> begun();
        };
    }

    /** The boundary is on disk before the first list is read, and a tail that has not begun begins there. */
    private Run begun() {
        Instant boundary = source.serverTime().minus(BEFORE_THE_FIRST_CALL);
        return database.write(tx -> {
            Cursors.beginAt(tx, environment, boundary);
            return runs.begin(tx, boundary, true, source.kinds());
        });
    }

    /** Joins pages into the mirror. */
    private final class Filling implements Walk.PageWork {
        @Override
        public int pagesAtOnce() {
            return PAGES_AT_ONCE;
        }

        @Override
        public Taken take(Tx tx, Shard shard, Listed page, Observed observed) {
            return take(tx, List.of(new Observation(shard, page, observed))).getFirst();
        }

        @Override
        public List<Taken> take(Tx tx, List<Observation> pages) {
            List<Long> written = Observed.writeChanged(
                    tx, pages.stream().map(Observation::observed).toList(), comparison);
            return IntStream.range(0, pages.size())
                    .mapToObj(i -> taken(pages.get(i), written.get(i)))
                    .toList();
        }

        private Taken taken(Observation page, long written) {
            return new Taken(page.observed().keys(page.shard().kind()).size(), written, BigDecimal.ZERO);
        }
    }

    private Walk.Absent removal(Run run) {
        return new Walk.Absent() {
            @Override
            public void gone(Mirrored kind, Row row, Instant askedAt) {
                database.write(tx -> {
                    boolean buried = repairs.confirmGone(tx, kind, row.key(), askedAt);
                    if (buried) {
                        runs.countDeleted(tx, run.id());
                    }
                    return buried;
                });
            }

            @Override
            public void there(Mirrored kind, Row row, Snapshots.Fetched shown, Instant askedAt) {
                snapshots.apply(shown, askedAt, Writer.SNAPSHOT);
            }
        };
    }

    private static SyncProblem unclear(String sentence) {
        return new SyncProblem(SyncProblem.Code.SYNC_WALK_UNCLEAR, sentence);
    }
}
