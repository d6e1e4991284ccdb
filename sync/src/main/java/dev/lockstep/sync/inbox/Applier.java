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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one batch of due events in one transaction. When that fails the batch is halved until the poison stands alone,
 * so that it harms no other; what has failed before is tried apart from the rest at once. An event's effect, what it
 * tells the application and its state in the inbox are one commit.
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

    /** Returns how many due events were dealt with; fewer than the limit means that no more are due. */
    int applyDue(int limit) {
        AtomicReference<List<Claimed>> claimed = new AtomicReference<>(List.of());
        try {
            List<Claimed> suspects = database.write(tx -> {
                DrainRows.doNotAwaitDisk(tx);
                claimed.set(DrainRows.claim(tx, limit));
                var byRecord = claimed.get().stream().collect(Collectors.partitioningBy(row -> row.attempts() == 0));
                apply(tx, byRecord.getOrDefault(true, List.of()));
                return byRecord.getOrDefault(false, List.of());
            });
            suspects.forEach(row -> applyApart(List.of(row)));
        } catch (RuntimeException e) {
            if (claimed.get().isEmpty() || isOutage(e)) {
                throw e;
            }
            halves(claimed.get()).forEach(this::applyApart);
        }
        return claimed.get().size();
    }

    private boolean isOutage(RuntimeException thrown) {
        return Failure.of(thrown) instanceof Failure.Outage && Failure.isAway(database);
    }

    private static List<List<Claimed>> halves(List<Claimed> rows) {
        int middle = rows.size() / 2;
        return rows.size() < 2 ? List.of(rows) : List.of(rows.subList(0, middle), rows.subList(middle, rows.size()));
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

    private void applyApart(List<Claimed> rows) {
        try {
            database.write(tx -> {
                DrainRows.doNotAwaitDisk(tx);
                return apply(tx, DrainRows.claimAgain(tx, rows));
            });
        } catch (RuntimeException e) {
            if (isOutage(e)) {
                throw e;
            }
            if (rows.size() > 1) {
                halves(rows).forEach(this::applyApart);
                return;
            }
            Claimed row = rows.getFirst();
            switch (Failure.of(e)) {
                case Failure.Outage gone -> retryOrPark(row, "the database was away, and is back");
                case Failure.Lasting(String reason) -> park(row, SyncProblem.Code.SYNC_EVENT_UNSTORABLE, reason);
                case Failure.Passing(String reason) -> retryOrPark(row, reason);
            }
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
