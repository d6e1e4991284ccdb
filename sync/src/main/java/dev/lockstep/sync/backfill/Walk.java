package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Place;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every list of WorkOS to its end. Each page and the place behind it are stored in one transaction, so a walk that
 * was killed goes on where it was. It knows nothing of what a page is for. For one thread at a time.
 */
public final class Walk {
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);
    private static final int HOPELESS = 3;

    private final Database database;
    private final ObjectSource source;
    private final Runs runs;
    private final Consumer<Totals> progress;

    /** @param progress told after each page */
    public Walk(Database database, ObjectSource source, Runs runs, Consumer<Totals> progress) {
        this.database = database;
        this.source = source;
        this.runs = runs;
        this.progress = progress;
    }

    /** What is done with a page. */
    public interface PageWork {
        /**
         * Works in the transaction that stores the place behind the page.
         *
         * @return how many objects are written, or differ
         */
        long take(Tx tx, Mirrored kind, Listed page);

        /** Runs after the commit of the page. */
        default void committed(Mirrored kind) {}
    }

    /** What is done with a row that no list showed. */
    public interface Absent {
        /** WorkOS says that there is no such object. */
        void gone(Mirrored kind, String id, Instant askedAt);

        /** WorkOS has it all the same. */
        void there(Mirrored kind, String id, Fetched shown, Instant askedAt);
    }

    /**
     * Reads all lists. One that fails is noted and left out until the walk is begun again; three in a row end it.
     *
     * @throws SyncProblem SYNC_WALK_STOPPED or SYNC_WALK_OVERTAKEN
     */
    public void pages(long run, PageWork work) {
        int failures = 0;
        Optional<Place> next = runs.next(run);
        while (next.isPresent()) {
            Place place = next.get();
            try {
                toTheEnd(run, place, work);
                failures = 0;
            } catch (WorkOsException e) {
                failures++;
                String code = e.problem().code();
                if (Thread.currentThread().isInterrupted()) {
                    throw stopped(e);
                }
                LOG.error("{}: the list of {} could not be read on.", code, place.shard());
                runs.failed(run, place.shard(), code);
                if (failures == HOPELESS) {
                    throw stopped(e);
                }
            }
            next = runs.next(run);
        }
    }

    /**
     * Asks WorkOS for each row that is alive here and was in no list. A list with objects that could not be read
     * accuses nobody.
     *
     * @return how many could not be asked for
     */
    public long absences(long run, Absent handler) {
        long failed = 0;
        for (Mirrored kind : Mirrored.values()) {
            List<String> ids = runs.absent(run, kind, "");
            while (!ids.isEmpty()) {
                for (String id : ids) {
                    failed += ask(kind, id, handler) ? 0 : 1;
                }
                ids = runs.absent(run, kind, ids.getLast());
            }
        }
        return failed;
    }

    private boolean ask(Mirrored kind, String id, Absent handler) {
        Instant askedAt = source.now();
        Optional<Fetched> found;
        try {
            found = source.find(kind, id);
        } catch (WorkOsException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw stopped(e);
            }
            LOG.error("{}: one of {} could not be asked for; it stays as it is.", e.problem().code(), kind.word());
            return false;
        }
        found.ifPresentOrElse(
                shown -> handler.there(kind, id, shown, askedAt), () -> handler.gone(kind, id, askedAt));
        return true;
    }

    private void toTheEnd(long run, Place from, PageWork work) {
        Place place = from;
        boolean more = true;
        while (more) {
            Place at = place;
            Listed page = read(at);
            database.write(tx -> {
                long changed = work.take(tx, at.shard().kind(), page);
                runs.advance(tx, run, at, page, changed);
                return changed;
            });
            work.committed(at.shard().kind());
            progress.accept(runs.totals(run));
            more = page.cursor() != null;
            place = new Place(at.shard(), page.cursor());
        }
    }

    private Listed read(Place place) {
        try {
            Listed page = source.page(place.shard(), place.cursor());
            if (page.cursor() != null && Objects.equals(page.cursor(), place.cursor())) {
                throw new WorkOsException(new MalformedAnswer("the cursor of a list stands still"));
            }
            return page;
        } catch (WorkOsException e) {
            boolean listIsGone = e.problem() instanceof Refused
                    && !place.shard().scope().isEmpty()
                    && source.find(Mirrored.ORGANIZATIONS, place.shard().scope()).isEmpty();
            if (listIsGone) {
                return new Listed(List.of(), nothing(), 0, null, source.now(), null);
            }
            throw e;
        }
    }

    private static Fetched nothing() {
        return new Fetched(List.of(), List.of(), List.of(), List.of());
    }

    private static SyncProblem stopped(WorkOsException cause) {
        return new SyncProblem(
                SyncProblem.Code.SYNC_WALK_STOPPED,
                "The walk stopped on " + cause.problem().code() + "; what it read is stored, go on with --resume.",
                cause);
    }
}
