package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainRows.Claimed;
import dev.lockstep.sync.inbox.DrainRows.Finished;
import dev.lockstep.sync.outbox.Announcements;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.sync.work.EventTally;
import dev.lockstep.sync.work.Failure;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.Malformed;
import dev.lockstep.workos.event.WorkOsEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one batch of due events in one transaction. When that fails the batch is halved until the poison stands alone,
 * so that it harms no other. An event's effect, what it tells the application and its state in the inbox are one commit.
 */
final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final Database database;
    private final EventDecoder decoder;
    private final Projector projector;
    private final DrainSettings settings;
    private final RandomGenerator jitter;
    private final EventTally tally = new EventTally();

    Applier(
            Database database,
            EventDecoder decoder,
            Projector projector,
            DrainSettings settings,
            RandomGenerator jitter) {
        this.database = database;
        this.decoder = decoder;
        this.projector = projector;
        this.settings = settings;
        this.jitter = jitter;
    }

    EventTally tally() {
        return tally;
    }

    /**
     * How a batch ended.
     *
     * @param handled how many due events were dealt with; fewer than the limit means that no more are due
     * @param failed how many of them could not be applied
     */
    record Batch(int handled, int failed) {}

    /** Which events are meant. */
    @FunctionalInterface
    interface Claim {
        List<Claimed> rows(Tx tx, int limit);
    }

    Batch apply(Claim claim, int limit) {
        AtomicReference<List<Claimed>> claimed = new AtomicReference<>(List.of());
        try {
            database.write(tx -> {
                DrainRows.doNotAwaitDisk(tx);
                claimed.set(claim.rows(tx, limit));
                return apply(tx, claimed.get());
            });
            return new Batch(claimed.get().size(), 0);
        } catch (RuntimeException e) {
            if (claimed.get().isEmpty() || isOutage(e)) {
                throw e;
            }
            return new Batch(claimed.get().size(), failing(claimed.get(), e));
        }
    }

    private boolean isOutage(RuntimeException thrown) {
        return Failure.of(thrown) instanceof Failure.Outage && Failure.isAway(database);
    }

    private int apply(Tx tx, List<Claimed> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        List<Finished> finished = new ArrayList<>(rows.size());
        List<Claimed> known = new ArrayList<>(rows.size());
        List<Incoming> incoming = new ArrayList<>(rows.size());
        for (Claimed row : rows) {
            switch (decoder.decode(row.body())) {
                case Malformed malformed -> {
                    tally.count(EventTally.End.PARKED);
                    finished.add(malformed(row, malformed));
                }
                case WorkOsEvent event -> {
                    known.add(row);
                    incoming.add(new Incoming(event, Source.of(row.source()).writer()));
                }
            }
        }
        if (!incoming.isEmpty()) {
            Announcements announcements = Announcements.begin(tx, quiet(known));
            List<Projector.Effect> effects = projector.apply(tx, incoming);
            for (int i = 0; i < known.size(); i++) {
                String state = switch (effects.get(i)) {
                    case APPLIED -> {
                        tally.count(EventTally.End.APPLIED);
                        yield "done";
                    }
                    case IGNORED -> {
                        tally.count(EventTally.End.UNKNOWN);
                        announcements.unmirrored(incoming.get(i).event());
                        yield "ignored";
                    }
                };
                finished.add(new Finished(known.get(i).seq(), state, null));
            }
            announcements.write();
        }
        if (!finished.isEmpty()) {
            DrainRows.finish(tx, finished);
        }
        return rows.size();
    }

    private static List<EventId> quiet(List<Claimed> rows) {
        return rows.stream()
                .filter(Claimed::quiet)
                .map(row -> new EventId(row.eventId()))
                .toList();
    }

    private static Finished malformed(Claimed row, Malformed malformed) {
        LOG.error(
                "{}: event {} cannot be read ({}); it is parked with its bytes.",
                SyncProblem.Code.SYNC_EVENT_MALFORMED,
                row.eventId(),
                malformed.reason());
        return new Finished(row.seq(), "parked", "malformed " + malformed.reason() + ": " + malformed.detail());
    }

    /**
     * Deals with rows that have just failed together. When one half turns out well, what failed is in the other, and that
     * need not be tried as a whole.
     *
     * @return how many of them fail alone
     */
    private int failing(List<Claimed> rows, RuntimeException thrown) {
        if (rows.size() == 1) {
            note(rows.getFirst(), thrown);
            return 1;
        }
        int middle = rows.size() / 2;
        List<Claimed> rest = rows.subList(middle, rows.size());
        int failed = apart(rows.subList(0, middle));
        return failed == 0 && rest.size() > 1 ? failing(rest, thrown) : failed + apart(rest);
    }

    private int apart(List<Claimed> rows) {
        try {
            database.write(tx -> {
                DrainRows.doNotAwaitDisk(tx);
                return apply(tx, DrainRows.claimAgain(tx, rows));
            });
            return 0;
        } catch (RuntimeException e) {
            if (isOutage(e)) {
                throw e;
            }
            return failing(rows, e);
        }
    }

    private void note(Claimed row, RuntimeException thrown) {
        switch (Failure.of(thrown)) {
            case Failure.Outage gone -> retryOrPark(row, "the database was away, and is back");
            case Failure.Lasting(String reason) -> park(row, SyncProblem.Code.SYNC_EVENT_UNSTORABLE, reason);
            case Failure.Passing(String reason) -> retryOrPark(row, reason);
        }
    }

    /** Others wait behind a failure, so it does not await the disk either: what a crash takes back is due again. */
    private boolean noted(Database.Work<Boolean> note) {
        return database.write(tx -> {
            DrainRows.doNotAwaitDisk(tx);
            return note.run(tx);
        });
    }

    private void retryOrPark(Claimed row, String reason) {
        int attempt = row.attempts() + 1;
        String counted = reason + " (attempt " + attempt + " of " + settings.attempts() + ")";
        if (attempt >= settings.attempts()) {
            park(row, SyncProblem.Code.SYNC_EVENT_FAILED, counted);
            return;
        }
        Duration delay = settings.backoff().after(attempt, jitter);
        if (noted(tx -> DrainRows.retry(tx, row, counted, delay))) {
            tally.count(EventTally.End.RETRIED);
            LOG.warn(
                    "{}: event {}: {}; next try in {} ms.",
                    SyncProblem.Code.SYNC_EVENT_FAILED,
                    row.eventId(),
                    counted,
                    delay.toMillis());
        }
    }

    private void park(Claimed row, SyncProblem.Code code, String reason) {
        if (noted(tx -> DrainRows.park(tx, row, reason))) {
            tally.count(EventTally.End.PARKED);
            LOG.error(
                    "{}: event {} is parked: {}. Later events of the object still apply; replay it when the cause is"
                            + " gone.",
                    code,
                    row.eventId(),
                    reason);
        }
    }
}
