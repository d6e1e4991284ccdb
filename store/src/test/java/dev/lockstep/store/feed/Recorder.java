package dev.lockstep.store.feed;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A listener that writes down what it is told, and lets a test wait for it. Its lists may be read while more is told. */
final class Recorder implements FeedListener {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final List<Ts> times = new CopyOnWriteArrayList<>();
    final List<Snapshot> snapshots = new CopyOnWriteArrayList<>();
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger gaps = new AtomicInteger();

    @Override
    public void onTick(Tick tick) {
        noting(() -> {
            changes.addAll(tick.changes());
            times.add(tick.ts());
            snapshots.add(tick.snapshot());
        });
    }

    @Override
    public void onLost() {
        noting(lost::incrementAndGet);
    }

    @Override
    public void onGap() {
        noting(gaps::incrementAndGet);
    }

    List<Integer> ids() {
        return changes.stream().map(Things::id).toList();
    }

    /** Waits until it is so, at most half a minute; fails otherwise. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long left = 30_000_000_000L;
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("half a minute passed without: " + what);
                }
                left = told.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void noting(Runnable note) {
        lock.lock();
        try {
            note.run();
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
