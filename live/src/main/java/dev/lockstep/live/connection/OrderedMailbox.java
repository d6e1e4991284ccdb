package dev.lockstep.live.connection;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Hands letters to one reader, one at a time and in order, on threads of an executor. Thread-safe. */
final class OrderedMailbox<T> {
    private final Executor executor;
    private final Consumer<T> reader;
    private final Runnable whenEmpty;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<T> letters = new ArrayDeque<>();
    /** Written under the lock. */
    private volatile boolean reading;

    private boolean closed;

    /** Takes what to do with a letter, and what to do each time the last one is done. */
    OrderedMailbox(Executor executor, Consumer<T> reader, Runnable whenEmpty) {
        this.executor = executor;
        this.reader = reader;
        this.whenEmpty = whenEmpty;
    }

    /** Adds a letter and returns how many wait, this one included. */
    int put(T letter) {
        lock.lock();
        try {
            if (closed) {
                return 0;
            }
            letters.add(letter);
            if (!reading) {
                reading = true;
                executor.execute(this::readAll);
            }
            return letters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a letter waits or is being read. */
    boolean isBusy() {
        return reading;
    }

    /** Throws away what waits and takes nothing more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            letters.clear();
        } finally {
            lock.unlock();
        }
    }

    private void readAll() {
        for (T letter = next(); letter != null; letter = next()) {
            reader.accept(letter);
        }
        whenEmpty.run();
    }

    private @org.jspecify.annotations.Nullable T next() {
        lock.lock();
        try {
            T letter = letters.poll();
            reading = letter != null;
            return letter;
        } finally {
            lock.unlock();
        }
    }
}
