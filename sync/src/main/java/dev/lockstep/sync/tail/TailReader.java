package dev.lockstep.sync.tail;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.Receipt;
import dev.lockstep.sync.inbox.Received;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.tail.Cursors.Cursor;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.event.EventsApi.Start;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pages and stores each with the cursor behind it in one transaction, under the lease. Only a page moves the
 * cursor: never a webhook, never the clock.
 */
final class TailReader {
    private static final Logger LOG = LoggerFactory.getLogger(TailReader.class);

    /** Events that happened within this time may come in any order. */
    private static final Duration SWAPPED = Duration.ofSeconds(10);

    private final Database database;
    private final Inbox inbox;
    private final EventSource source;
    private final TailSettings settings;
    private final Lease lease;
    private final InstantSource clock;
    private final BooleanSupplier closing;
    private final CursorLoss loss;

    /** @param closing asked before each page; when it says yes, the walk ends there */
    TailReader(
            Database database,
            Inbox inbox,
            EventSource source,
            TailSettings settings,
            Lease lease,
            InstantSource clock,
            BooleanSupplier closing,
            CursorLoss loss) {
        this.database = database;
        this.inbox = inbox;
        this.source = source;
        this.settings = settings;
        this.lease = lease;
        this.clock = clock;
        this.closing = closing;
        this.loss = loss;
    }

    /** How far a walk over pages has come. */
    private static final class Walk {
        private final long token;
        private Cursor cursor;
        private @Nullable Instant answeredAt;
        private boolean restarted;
        private int pages;
        private int events;
        private int stored;

        Walk(long token, Cursor cursor) {
            this.token = token;
            this.cursor = cursor;
        }

        PollOutcome outcome() {
            return new PollOutcome.CaughtUp(pages, events, stored);
        }
    }

    PollOutcome poll() {
        OptionalLong token = database.write(lease::take);
        if (token.isEmpty()) {
            return new PollOutcome.Standby();
        }
        Instant boundary = clock.instant().minus(settings.overlap());
        Walk walk = new Walk(
                token.getAsLong(),
                database.write(tx -> Cursors.begin(tx, settings.environment(), boundary, token.getAsLong())));
        if (isPastRetention(walk.cursor) && !restart(walk, "is older than WorkOS keeps events")) {
            return new PollOutcome.Fenced();
        }
        boolean more = true;
        while (more) {
            if (closing.getAsBoolean()) {
                return new PollOutcome.Stopped();
            }
            Instant startedAt = clock.instant();
            EventSource.Page page = readNext(walk);
            if (page == null || !store(walk, page)) {
                return new PollOutcome.Fenced();
            }
            walk.answeredAt = page.serverTime() == null ? startedAt : page.serverTime();
            more = page.more() && page.lastId() != null;
        }
        return finish(walk) ? walk.outcome() : new PollOutcome.Fenced();
    }

    PollOutcome sweep() {
        OptionalLong token = database.write(lease::take);
        if (token.isEmpty()) {
            return new PollOutcome.Standby();
        }
        Instant from = clock.instant().minus(settings.overlap());
        Walk walk = new Walk(token.getAsLong(), new Cursor(null, null, from));
        boolean more = true;
        while (more) {
            if (closing.getAsBoolean()) {
                return new PollOutcome.Stopped();
            }
            EventSource.Page page = ascending(source.page(start(walk.cursor)));
            boolean held = database.write(tx -> {
                boolean holds = lease.take(tx).equals(token);
                return holds && receive(tx, walk, page);
            });
            if (!held) {
                return new PollOutcome.Fenced();
            }
            announce(walk);
            EventId last = page.lastId();
            more = page.more() && last != null;
            walk.cursor = new Cursor(last, null, from);
        }
        return walk.outcome();
    }

    /** Reads the page behind the cursor; null when the cursor was lost and somebody else is dealing with it. */
    private EventSource.@Nullable Page readNext(Walk walk) {
        try {
            EventSource.Page page = ascending(source.page(start(walk.cursor)));
            reportSilentRestart(walk.cursor, page);
            return page;
        } catch (WorkOsException e) {
            boolean lost =
                    walk.cursor.event() != null && !walk.restarted && e.problem() instanceof WorkOsProblem.Refused;
            if (!lost) {
                throw e;
            }
            return restart(walk, "is refused by WorkOS") ? readNext(walk) : null;
        }
    }

    /**
     * Newest first, the last event of a page is its oldest: a cursor set there would walk away from the present. Events
     * of nearly the same time may be swapped, that is no harm.
     */
    private static EventSource.Page ascending(EventSource.Page page) {
        List<Instant> times = page.items().stream()
                .map(EventSource.Item::createdAt)
                .filter(Objects::nonNull)
                .toList();
        boolean falls = times.size() > 1
                && IntStream.range(1, times.size()).noneMatch(i -> times.get(i).isAfter(times.get(i - 1)));
        if (falls && times.getLast().plus(SWAPPED).isBefore(times.getFirst())) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_TAIL_BACKWARDS,
                    "The Events API gave a page newest first although oldest first was asked for; the cursor stays"
                            + " where it is. Look for a proxy or an emulator in between.");
        }
        return page;
    }

    private boolean store(Walk walk, EventSource.Page page) {
        Cursor next = behind(walk.cursor, page);
        boolean mine = database.write(tx -> {
            // Takes the lease again, so that a long walk keeps it; a token that has moved on is somebody else's.
            OptionalLong token = lease.take(tx);
            if (token.isEmpty() || token.getAsLong() != walk.token) {
                return false;
            }
            EventId last = next.event();
            if (last == null || Objects.equals(last, walk.cursor.event())) {
                return receive(tx, walk, page);
            }
            boolean moved = Cursors.move(tx, settings.environment(), walk.cursor, last, next.eventAt(), walk.token);
            return moved && receive(tx, walk, page);
        });
        if (mine) {
            walk.cursor = next;
            announce(walk);
        }
        return mine;
    }

    private boolean receive(Tx tx, Walk walk, EventSource.Page page) {
        var receipts = inbox.receiveAll(
                tx,
                page.items().stream()
                        .map(item -> new Received(item.body(), Source.TAIL))
                        .toList());
        walk.pages++;
        walk.events += receipts.size();
        walk.stored +=
                (int) receipts.stream().filter(Receipt.Stored.class::isInstance).count();
        return true;
    }

    private void announce(Walk walk) {
        if (walk.stored > 0) {
            inbox.announce();
        }
    }

    private boolean finish(Walk walk) {
        return database.write(tx -> {
            if (!lease.holds(tx, walk.token)) {
                return false;
            }
            Cursors.polled(tx, settings.environment(), walk.token);
            if (walk.answeredAt != null) {
                Cursors.mark(tx, walk.answeredAt.minus(settings.holdBack()));
            }
            return true;
        });
    }

    private static Start start(Cursor cursor) {
        if (cursor.event() != null) {
            return new Start.After(cursor.event());
        }
        return cursor.boundary() == null ? new Start.Oldest() : new Start.From(cursor.boundary());
    }

    private static Cursor behind(Cursor cursor, EventSource.Page page) {
        EventId last = page.lastId();
        if (last == null) {
            return cursor;
        }
        Instant at = page.items().stream()
                .map(EventSource.Item::createdAt)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(cursor.eventAt());
        return new Cursor(last, at, cursor.boundary());
    }

    private boolean isPastRetention(Cursor cursor) {
        return cursor.event() != null
                && cursor.eventAt() != null
                && cursor.eventAt().isBefore(clock.instant().minus(settings.retention()));
    }

    private boolean restart(Walk walk, String why) {
        Instant oldest = clock.instant().minus(settings.retention());
        Instant known = walk.cursor.eventAt() == null ? walk.cursor.boundary() : walk.cursor.eventAt();
        Instant wanted = known == null ? oldest : known.minus(settings.overlap());
        Instant boundary = wanted.isBefore(oldest) ? oldest : wanted;
        LOG.error(
                "{}: the cursor of the Events tail {}; reading begins again at {}. Changes from before that time are"
                        + " not seen; a comparison of everything with WorkOS is asked for, see ./lockstep reconcile.",
                SyncProblem.Code.SYNC_CURSOR_LOST,
                why,
                boundary);
        Cursor before = walk.cursor;
        walk.restarted = true;
        walk.cursor = new Cursor(null, before.eventAt(), boundary);
        return database.write(tx -> {
            boolean restarted = lease.holds(tx, walk.token)
                    && Cursors.restart(tx, settings.environment(), before, boundary, walk.token);
            if (restarted) {
                loss.lost(tx, boundary);
            }
            return restarted;
        });
    }

    /** A source that has forgotten the cursor may begin again at its first event without a word. */
    private void reportSilentRestart(Cursor cursor, EventSource.Page page) {
        if (cursor.event() == null || cursor.eventAt() == null || page.items().isEmpty()) {
            return;
        }
        Instant first = page.items().getFirst().createdAt();
        if (first != null && first.isBefore(cursor.eventAt().minus(settings.overlap()))) {
            LOG.error(
                    "{}: after the cursor (an event of {}) WorkOS gave an event of {}: it does not know the cursor"
                            + " any longer and began again. Everything it gives is stored; a comparison of everything"
                            + " with WorkOS is asked for, see ./lockstep reconcile.",
                    SyncProblem.Code.SYNC_CURSOR_LOST,
                    cursor.eventAt(),
                    first);
            database.write(tx -> {
                loss.lost(tx, first);
                return first;
            });
        }
    }
}
