package dev.lockstep.live.function;

import dev.lockstep.live.function.FunctionCalls.Reply;
import dev.lockstep.live.wire.FunctionPath;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One action on a thread of its own, with a limit. At the limit the caller has its answer and the thread is interrupted,
 * but never within a query or a mutation: these end as they would have, for an interruption would break their connection
 * to the database. After the limit the action can call nothing any more.
 */
final class TimedAction {
    private static final Logger LOG = LoggerFactory.getLogger(TimedAction.class);

    private final FunctionPath path;
    private final Duration limit;
    private final Runnable ended;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean over;
    private boolean calling;
    /** The thread while the action runs. */
    private @Nullable Thread thread;

    /**
     * An action that has not begun.
     *
     * @param ended told when its thread is done with it, which may be long after the limit
     */
    TimedAction(FunctionPath path, Duration limit, Runnable ended) {
        this.path = path;
        this.limit = limit;
        this.ended = ended;
    }

    /** Runs it, and waits for its end or for the limit. */
    Reply run(Supplier<Reply> action) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread.ofVirtual().name("lockstep-action").start(() -> {
            begun();
            try {
                reply.complete(action.get());
            } catch (Error e) {
                reply.completeExceptionally(e);
                throw e;
            } finally {
                done();
            }
        });
        try {
            return reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return stop();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The action '" + path + "' ended with an error", e.getCause());
        }
    }

    /** Lets the action call a query or a mutation. */
    Reply call(Supplier<Reply> call) {
        set(true);
        try {
            return call.get();
        } finally {
            set(false);
        }
    }

    private void begun() {
        lock.lock();
        try {
            thread = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        lock.lock();
        try {
            thread = null;
        } finally {
            lock.unlock();
        }
        ended.run();
    }

    private void set(boolean now) {
        lock.lock();
        try {
            calling = now;
            if (over) {
                if (now) {
                    calling = false;
                    throw new ActionCallFailed("The time of this action is up; it can call nothing any more.");
                }
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private Reply stop() {
        LOG.warn("LIVE_ACTION_TIMED_OUT: function {} is stopped after {} ms", path, limit.toMillis());
        lock.lock();
        try {
            over = true;
            if (thread != null && !calling) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        return new Reply.Failed(Failures.timedOut(limit));
    }
}
