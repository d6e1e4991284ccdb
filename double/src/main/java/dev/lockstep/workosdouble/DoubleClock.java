package dev.lockstep.workosdouble;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The time of the double: that of its settings' clock, moved, or standing still. Hold-back, retention, expiry, webhook
 * schedule and rate limits go by it; real sockets do not. Thread-safe.
 */
public final class DoubleClock implements InstantSource {
    private final InstantSource base;
    private final AtomicReference<Hand> hand = new AtomicReference<>(new Hand(Duration.ZERO, null));
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** @param frozen the moment at which it stands, or null while it runs */
    private record Hand(Duration offset, @Nullable Instant frozen) {}

    DoubleClock(InstantSource base) {
        this.base = base;
    }

    @Override
    public Instant instant() {
        Hand now = hand.get();
        return now.frozen() == null ? base.instant().plus(now.offset()) : now.frozen();
    }

    /** Jumps ahead, or back by a negative duration. */
    public void advance(Duration by) {
        move(old -> old.frozen() == null
                ? new Hand(old.offset().plus(by), null)
                : new Hand(old.offset(), old.frozen().plus(by)));
    }

    /** Jumps to the moment, and runs or stands as before. New events are never stamped earlier than older ones. */
    public void set(Instant moment) {
        move(old -> old.frozen() == null
                ? new Hand(Duration.between(base.instant(), moment), null)
                : new Hand(old.offset(), moment));
    }

    /** Stands still until {@link #resume}. */
    public void freeze() {
        move(old -> old.frozen() == null ? new Hand(old.offset(), instant()) : old);
    }

    /** Runs on from where it stands. */
    public void resume() {
        move(old -> old.frozen() == null ? old : new Hand(Duration.between(base.instant(), old.frozen()), null));
    }

    boolean isFrozen() {
        return hand.get().frozen() != null;
    }

    void onMove(Runnable listener) {
        listeners.add(listener);
    }

    private void move(UnaryOperator<Hand> turn) {
        hand.updateAndGet(turn);
        listeners.forEach(Runnable::run);
    }
}
