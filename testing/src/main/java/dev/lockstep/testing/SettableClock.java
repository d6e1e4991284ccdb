package dev.lockstep.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is set or moved by hand. Thread-safe. Its zone is UTC unless asked otherwise. */
public final class SettableClock extends Clock {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    private SettableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** A clock that stands at this instant. */
    public static SettableClock at(Instant start) {
        return new SettableClock(new AtomicReference<>(start), ZoneOffset.UTC);
    }

    /** A clock that stands at this instant, written as in {@code 2026-11-21T10:00:00Z}. */
    public static SettableClock at(String start) {
        return at(Instant.parse(start));
    }

    /** Sets the clock, forwards or backwards. */
    public void set(Instant to) {
        now.set(to);
    }

    /**
     * Moves the clock by this much; a negative amount moves it back.
     *
     * @return the new time
     */
    public Instant advance(Duration by) {
        return now.updateAndGet(before -> before.plus(by));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock seen in another zone: it moves when this one moves. */
    @Override
    public SettableClock withZone(ZoneId otherZone) {
        return new SettableClock(now, otherZone);
    }
}
