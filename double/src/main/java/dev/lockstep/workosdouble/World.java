package dev.lockstep.workosdouble;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** The one lock around the tables: reads see whole changes, and a change is on disk before it is answered. */
final class World implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Tables tables = new Tables();
    private final DoubleClock clock;
    private final Duration retention;
    private final Faults faults;
    private final Ulids ulids;
    private final Journal journal;
    private final List<Consumer<Delivery>> deliveryListeners = new CopyOnWriteArrayList<>();

    /** Never goes back, also when the clock does or when the double was restarted with an earlier clock. */
    private Instant latest = Instant.EPOCH;

    World(DoubleSettings settings, Faults faults) {
        this.faults = faults;
        this.clock = new DoubleClock(settings.clock());
        this.retention = settings.retention();
        this.ulids = new Ulids(settings.random());
        this.journal = Journal.open(settings.folder(), line -> line.facts().forEach(this::replay));
    }

    private void replay(Fact fact) {
        tables.apply(fact);
        if (fact instanceof Fact.EventPut put && put.event().createdAt().isAfter(latest)) {
            latest = put.event().createdAt();
            ulids.startAfter(latest.toEpochMilli());
        }
    }

    <T> T read(Function<Tables, T> question) {
        lock.lock();
        try {
            return question.apply(tables);
        } finally {
            lock.unlock();
        }
    }

    /** What the work has put is kept even when it throws, so that memory and journal always agree. */
    <T> T change(Function<Change, T> work) {
        long ticket = 0;
        Change change;
        T result;
        lock.lock();
        try {
            change = new Change(tables, ulids, faults, moment());
            try {
                result = work.apply(change);
            } finally {
                if (!change.facts().isEmpty()) {
                    ticket = journal.append(new Fact.Line(change.facts()));
                }
            }
            journal.compactIfLarge(() -> tables.facts(now().minus(retention)));
        } finally {
            lock.unlock();
        }
        journal.awaitDurable(ticket);
        for (Delivery delivery : change.queued()) {
            deliveryListeners.forEach(listener -> listener.accept(delivery));
        }
        return result;
    }

    /** Tells about every newly queued webhook, after it is durable. */
    void onDelivery(Consumer<Delivery> listener) {
        deliveryListeners.add(listener);
    }

    DoubleClock clock() {
        return clock;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant moment() {
        Instant now = now();
        if (now.isAfter(latest)) {
            latest = now;
        }
        return latest;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            journal.close();
        } finally {
            lock.unlock();
        }
    }
}
