package dev.lockstep.sync.work;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that makes its rounds: it waits, does its job, and the job says how long to wait then. Nobody can wake it;
 * for that there is {@link Crew}. A job that throws ends the thread, so it deals with its failures itself. Thread-safe.
 */
public final class Rounds {
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final String name;
    private final Supplier<Duration> job;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    /** Null before start and after stop; guarded by the lock. */
    private @Nullable Thread thread;

    /**
     * @param name of the thread
     * @param job returns how long to wait until the next round; asks {@link #goOn} now and then when it takes long
     */
    public Rounds(String name, Supplier<Duration> job) {
        this.name = name;
        this.job = job;
    }

    /**
     * Starts the thread; once.
     *
     * @param first how long it waits before its first round
     */
    public void start(Duration first) {
        lock.lock();
        try {
            if (thread != null) {
                throw new IllegalStateException(name + " is running already");
            }
            thread = Thread.ofPlatform().name(name).start(() -> run(first));
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was started and is not to end yet. */
    public boolean goOn() {
        lock.lock();
        try {
            return thread != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets it end after the round in hand and waits for that, up to 20 seconds.
     *
     * @param ending runs between the order to end and the waiting for it; not when it was not running
     * @param interrupt whether the round in hand is interrupted
     * @return false when it was not running
     */
    public boolean stop(Runnable ending, boolean interrupt) {
        Thread stopping;
        lock.lock();
        try {
            stopping = thread;
            thread = null;
            if (stopping != null) {
                ending.run();
            }
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        if (stopping == null) {
            return false;
        }
        if (interrupt) {
            stopping.interrupt();
        }
        try {
            stopping.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Lets it end after the round in hand. */
    public boolean stop() {
        return stop(() -> {}, false);
    }

    private void run(Duration first) {
        Duration wait = first;
        while (sleep(wait)) {
            wait = job.get();
        }
    }

    /** Waits, and returns false when it is to end. */
    private boolean sleep(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (isMine() && left > 0) {
                left = closing.awaitNanos(left);
            }
            return isMine();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** A thread that was stopped does not take the place of the one that was started after it. */
    private boolean isMine() {
        return Thread.currentThread().equals(thread);
    }
}
