package dev.lockstep.sync.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that do a job again and again: when somebody signals, and at the latest after the backstop. A failure of the
 * job ends no thread. What the job is, is not its business. Thread-safe.
 */
public final class Crew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final Settings settings;
    private final Runnable job;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();
    private final List<Thread> workers = new ArrayList<>();
    /** Counts up with each signal; guarded by the lock. */
    private long signals;
    /** False before start and after close; guarded by the lock. */
    private boolean running;

    /**
     * How a crew works.
     *
     * @param name of the threads
     * @param workers how many, at least 1
     * @param backstop how long a worker sleeps when nobody signals; also the delay after a failure
     * @param trouble begins the line in the log when the job fails: a code and a sentence
     */
    public record Settings(String name, int workers, Duration backstop, String trouble) {}

    /** @param job done by each worker when it wakes; asks {@link #isRunning} now and then when it takes long */
    public Crew(Settings settings, Runnable job) {
        this.settings = settings;
        this.job = job;
    }

    /** Starts the threads; once. */
    public void start() {
        lock.lock();
        try {
            if (running) {
                throw new IllegalStateException(settings.name() + " is running already");
            }
            running = true;
            for (int i = 0; i < settings.workers(); i++) {
                workers.add(Thread.ofPlatform().name(settings.name() + "-" + i).start(this::work));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the threads because there is something to do. Returns at once; signals are merged. */
    public void signal() {
        lock.lock();
        try {
            signals++;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False once it is being closed: finish what is in hand. */
    public boolean isRunning() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Stops the threads; each finishes what it has in hand. Waits for them up to 20 seconds. */
    @Override
    public void close() {
        List<Thread> stopping;
        lock.lock();
        try {
            running = false;
            awake.signalAll();
            stopping = List.copyOf(workers);
            workers.clear();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread worker : stopping) {
                worker.join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        Streak streak = new Streak(System::nanoTime);
        long seen = -1;
        while (awaitSignal(seen)) {
            seen = current();
            try {
                job.run();
                int were = streak.ended();
                if (were > 0) {
                    LOG.info("{} goes on after {} failures in a row.", settings.name(), were);
                }
            } catch (RuntimeException | Error e) {
                if (streak.failed()) {
                    LOG.error(
                            "{} ({}, failure {} in a row); next try within {} ms.",
                            settings.trouble(),
                            e.getClass().getSimpleName(),
                            streak.length(),
                            settings.backstop().toMillis());
                }
            }
        }
    }

    /** Sleeps until a signal newer than the one seen, or the backstop; false when the crew is closed. */
    private boolean awaitSignal(long seen) {
        lock.lock();
        try {
            long left = settings.backstop().toNanos();
            while (running && signals == seen && left > 0) {
                left = awake.awaitNanos(left);
            }
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private long current() {
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }
}
