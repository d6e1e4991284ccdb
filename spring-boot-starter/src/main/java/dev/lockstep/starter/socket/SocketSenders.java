package dev.lockstep.starter.socket;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that write to sockets: as many as processors where writing never waits, and one for each socket that has
 * something to say where it does.
 */
final class SocketSenders implements AutoCloseable {
    private static final int LEAST = 2;

    private final ExecutorService quick;
    private final Executor patient =
            task -> Thread.ofVirtual().name("lockstep-socket-send").start(task);

    SocketSenders() {
        int threads = Math.max(LEAST, Runtime.getRuntime().availableProcessors());
        // After the end somebody may still have to say why a socket closes; writing does not wait, so anybody can do
        // it.
        this.quick = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("lockstep-socket-send-", 0).factory(),
                (task, pool) -> task.run());
    }

    /** For tasks that never wait. */
    Executor quick() {
        return quick;
    }

    /** For tasks that may wait for a client. */
    Executor patient() {
        return patient;
    }

    @Override
    public void close() {
        quick.shutdown();
    }
}
