package dev.lockstep.sync.backfill;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.backfill.JoinedPages.InHand;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Place;
import dev.lockstep.sync.backfill.Runs.Row;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.backfill.Runs.Taken;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Observed;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every list of WorkOS to its end, several lists at a time. Each page and the place behind it are stored in one
 * transaction, perhaps with pages of other lists, and no list is read on before its page is stored: a walk that was
 * killed goes on where it was, and reads at most the page again that each lane had in hand. It knows nothing of what a
 * page is for.
 */
public final class Walk {
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

    /** What a crash of PostgreSQL takes back, rows and places alike, is read again; the end of a walk is awaited. */
    private static final String NOT_AWAITED = "SET LOCAL synchronous_commit = off";

    private final Database database;
    private final ObjectSource source;
    private final Runs runs;
    private final int lanes;
    private final Consumer<Totals> progress;

    /**
     * @param lanes how many lists are read at a time
     * @param progress told after each page, by one thread at a time
     */
    public Walk(Database database, ObjectSource source, Runs runs, int lanes, Consumer<Totals> progress) {
        this.database = database;
        this.source = source;
        this.runs = runs;
        this.lanes = lanes;
        this.progress = progress;
    }

    /** A page and its objects as rows. */
    public record Observation(Shard shard, Listed page, Observed observed) {}

    /** What is done with a page. */
    public interface PageWork {
        /** Works in the transaction that stores the place behind the page. */
        Taken take(Tx tx, Shard shard, Listed page, Observed observed);

        /** How many pages, of as many lists, may be taken in one transaction. */
        default int pagesAtOnce() {
            return 1;
        }

        /** Takes pages in the transaction that stores the places behind them; one answer each, in their order. */
        default List<Taken> take(Tx tx, List<Observation> pages) {
            return pages.stream()
                    .map(each -> take(tx, each.shard(), each.page(), each.observed()))
                    .toList();
        }

        /** Runs after the commit of the page. */
        default void committed(Shard shard, boolean last) {}
    }

    /** What is done with rows that no list showed. May be called by several threads. */
    public interface Absent {
        /** WorkOS says that there is no such object. */
        void gone(Mirrored kind, Row row, Instant askedAt);

        /** WorkOS has it all the same. */
        void there(Mirrored kind, Row row, Fetched shown, Instant askedAt);

        /** Runs after each few hundred rows were asked for. */
        default void asked() {}
    }

    /**
     * Reads all lists. One that fails is noted and left out until the walk is begun again; several in a row end it.
     *
     * @throws SyncProblem SYNC_WALK_STOPPED or SYNC_WALK_OVERTAKEN
     */
    public void pages(Run run, PageWork work) {
        Lanes shared = new Lanes(runs, run.id(), progress);
        JoinedPages joined = new JoinedPages(work.pagesAtOnce(), pages -> store(run, pages, work));
        Lanes.run(lanes, () -> walk(run, work, shared, joined));
    }

    /**
     * Asks WorkOS for each row that is alive here and was in no list. A list with objects that could not be read
     * accuses nobody.
     *
     * @return how many could not be asked for
     */
    public long absences(Run run, Absent handler) {
        AtomicLong failed = new AtomicLong();
        for (Mirrored kind : Mirrored.values()) {
            if (source.kinds().contains(kind.carrier())) {
                List<Row> rows = runs.absent(run, kind, "");
                while (!rows.isEmpty()) {
                    askAll(kind, rows, handler, failed);
                    handler.asked();
                    rows = runs.absent(run, kind, rows.getLast().key());
                }
            }
        }
        return failed.get();
    }

    private void askAll(Mirrored kind, List<Row> rows, Absent handler, AtomicLong failed) {
        AtomicLong next = new AtomicLong();
        Lanes.run(Math.min(lanes, rows.size()), () -> {
            for (int i = (int) next.getAndIncrement(); i < rows.size(); i = (int) next.getAndIncrement()) {
                if (!ask(kind, rows.get(i), handler)) {
                    failed.incrementAndGet();
                }
            }
        });
    }

    private boolean ask(Mirrored kind, Row row, Absent handler) {
        Instant askedAt = source.now();
        Optional<Fetched> found;
        try {
            found = source.find(kind, row.scope(), row.key());
        } catch (WorkOsException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw Lanes.stopped(e);
            }
            LOG.error(
                    "{}: one of {} could not be asked for; it stays as it is.",
                    e.problem().code(),
                    kind.word());
            return false;
        }
        found.ifPresentOrElse(
                shown -> handler.there(kind, row, shown, askedAt), () -> handler.gone(kind, row, askedAt));
        return true;
    }

    private void walk(Run run, PageWork work, Lanes shared, JoinedPages joined) {
        Optional<Place> next = shared.claim();
        while (next.isPresent()) {
            Place place = next.get();
            try {
                toTheEnd(place, work, shared, joined);
                shared.release(place.shard());
            } catch (WorkOsException e) {
                LOG.error(
                        "{}: the list of {} could not be read on.", e.problem().code(), place.shard());
                runs.failed(run.id(), place.shard(), e.problem().code());
                shared.failed(place.shard(), e);
            }
            next = shared.claim();
        }
    }

    private void toTheEnd(Place from, PageWork work, Lanes shared, JoinedPages joined) {
        Place place = from;
        boolean more = true;
        while (more) {
            shared.check();
            Listed page = read(place);
            Totals added = joined.store(new InHand(place, page));
            more = page.cursor() != null;
            work.committed(place.shard(), !more);
            shared.stored(added);
            place = new Place(place.shard(), page.cursor());
        }
    }

    private List<Totals> store(Run run, List<InHand> pages, PageWork work) {
        return database.write(tx -> {
            tx.sql(NOT_AWAITED).update();
            List<Observation> observations = pages.stream()
                    .map(hand -> new Observation(
                            hand.place().shard(),
                            hand.page(),
                            Observed.of(tx, hand.page().objects(), hand.page().fetchStartedAt())))
                    .toList();
            List<Taken> taken = work.take(tx, observations);
            List<Totals> added = new ArrayList<>();
            Map<Mirrored, List<String>> shown = new EnumMap<>(Mirrored.class);
            for (int i = 0; i < pages.size(); i++) {
                Listed page = pages.get(i).page();
                runs.advance(tx, run.id(), pages.get(i).place(), page.cursor(), taken.get(i), page.unreadable());
                observations
                        .get(i)
                        .observed()
                        .all()
                        .forEach((kind, keys) -> shown.computeIfAbsent(kind, first -> new ArrayList<>())
                                .addAll(keys));
                added.add(added(tx, run, pages.get(i), taken.get(i)));
            }
            shown.forEach((kind, keys) -> runs.remember(tx, run.id(), kind, keys));
            return added;
        });
    }

    private Totals added(Tx tx, Run run, InHand hand, Taken taken) {
        Listed page = hand.page();
        int opened = children(hand.place().shard().kind()).stream()
                .mapToInt(kind -> runs.addShards(tx, run.id(), kind, page.lists()))
                .sum();
        long done = page.cursor() == null ? 1 : 0;
        return new Totals(opened, done, 0, 1, taken.seen(), taken.changed(), page.unreadable());
    }

    private List<Mirrored> children(Mirrored parent) {
        Set<Mirrored> kinds = source.kinds();
        return Arrays.stream(Mirrored.values())
                .filter(kind -> Objects.equals(kind.within(), parent) && kinds.contains(kind))
                .toList();
    }

    private Listed read(Place place) {
        Shard shard = place.shard();
        try {
            Listed page = source.page(shard, place.cursor());
            if (page.cursor() != null && Objects.equals(page.cursor(), place.cursor())) {
                throw new WorkOsException(new MalformedAnswer("the cursor of a list stands still"));
            }
            return page;
        } catch (WorkOsException e) {
            @Nullable Mirrored within = shard.kind().within();
            boolean listIsGone = e.problem() instanceof Refused
                    && within != null
                    && source.find(within, shard.above(), shard.parent()).isEmpty();
            if (listIsGone) {
                return new Listed(Fetched.objects(List.of()), List.of(), 0, null, source.now());
            }
            throw e;
        }
    }
}
