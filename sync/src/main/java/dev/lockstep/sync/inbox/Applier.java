package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainRows.Claimed;
import dev.lockstep.sync.inbox.DrainRows.Finished;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Projector.Incoming;
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
 * Applies one batch of due events: all in one transaction, or, when that fails, each in its own, so that a poison event
 * harms no other. An event's effect and its state in the inbox are one commit.
 */
final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final Database database;
    private final EventDecoder decoder;
    private final Projector projector;
    private final DrainSettings settings;
    private final RandomGenerator jitter;

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

    /** Returns how many due events were dealt with; fewer than the limit means that no more are due. */
    int applyDue(int limit) {
        AtomicReference<List<Claimed>> claimed = new AtomicReference<>(List.of());
        try {
            return database.write(tx -> {
                claimed.set(DrainRows.claim(tx, limit));
                return apply(tx, claimed.get());
            });
        } catch (RuntimeException e) {
            if (claimed.get().isEmpty() || Failure.of(e) instanceof Failure.Outage) {
                throw e;
            }
            return claimed.get().stream().mapToInt(this::applyAlone).sum();
        }
    }

    private int apply(Tx tx, List<Claimed> rows) {
        List<Finished> finished = new ArrayList<>(rows.size());
        List<Claimed> known = new ArrayList<>(rows.size());
        List<Incoming> incoming = new ArrayList<>(rows.size());
        for (Claimed row : rows) {
            switch (decoder.decode(row.body())) {
                case Malformed malformed -> finished.add(malformed(row, malformed));
                case WorkOsEvent event -> {
                    known.add(row);
                    incoming.add(new Incoming(event, Source.of(row.source()).writer()));
                }
            }
        }
        if (!incoming.isEmpty()) {
            List<Projector.Effect> effects = projector.apply(tx, incoming);
            for (int i = 0; i < known.size(); i++) {
                String state = switch (effects.get(i)) {
                    case APPLIED -> "done";
                    case IGNORED -> "ignored";
                };
                finished.add(new Finished(known.get(i).seq(), state, null));
            }
        }
        if (!finished.isEmpty()) {
            DrainRows.finish(tx, finished);
        }
        return rows.size();
    }

    private static Finished malformed(Claimed row, Malformed malformed) {
        LOG.error(
                "{}: event {} cannot be read ({}); it is parked with its bytes.",
                SyncProblem.Code.SYNC_EVENT_MALFORMED,
                row.eventId(),
                malformed.reason());
        return new Finished(row.seq(), "parked", "malformed " + malformed.reason() + ": " + malformed.detail());
    }

    private int applyAlone(Claimed row) {
        try {
            return database.write(tx -> apply(tx, DrainRows.claimAgain(tx, row)));
        } catch (RuntimeException e) {
            switch (Failure.of(e)) {
                case Failure.Outage away -> throw e;
                case Failure.Lasting(String reason) -> park(row, SyncProblem.Code.SYNC_EVENT_UNSTORABLE, reason);
                case Failure.Passing(String reason) -> retryOrPark(row, reason);
            }
            return 1;
        }
    }

    private void retryOrPark(Claimed row, String reason) {
        int attempt = row.attempts() + 1;
        String counted = reason + " (attempt " + attempt + " of " + settings.attempts() + ")";
        if (attempt >= settings.attempts()) {
            park(row, SyncProblem.Code.SYNC_EVENT_FAILED, counted);
            return;
        }
        Duration delay = delay(attempt);
        if (database.write(tx -> DrainRows.retry(tx, row, counted, delay))) {
            LOG.warn(
                    "{}: event {}: {}; next try in {} ms.",
                    SyncProblem.Code.SYNC_EVENT_FAILED,
                    row.eventId(),
                    counted,
                    delay.toMillis());
        }
    }

    private void park(Claimed row, SyncProblem.Code code, String reason) {
        if (database.write(tx -> DrainRows.park(tx, row, reason))) {
            LOG.error(
                    "{}: event {} is parked: {}. Later events of the object still apply; replay it when the cause is"
                            + " gone.",
                    code,
                    row.eventId(),
                    reason);
        }
    }

    /** Between half of the full wait and all of it, so that what failed together does not come back together. */
    private Duration delay(int attempt) {
        double full = settings.firstDelay().toMillis() * Math.pow(4, attempt - 1.0);
        double capped = Math.min(full, (double) settings.longestDelay().toMillis());
        return Duration.ofMillis(Math.round(capped * (0.5 + jitter.nextDouble() / 2)));
    }
}
