package dev.lockstep.starter.socket;

import dev.lockstep.live.connection.Outbound;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Writes to one socket in order without ever making the caller wait for the client: messages queue here and a thread
 * borrowed from the executor sends them while there are any, one after the other is written.
 */
final class SocketOutbound implements Outbound {
    private final SocketWriter socket;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<String> waiting = new ArrayDeque<>();
    private boolean sending;
    private int inFlight;
    /** What waits and what is being written; changed under the lock. */
    private volatile int unsent;

    private boolean pinging;
    private volatile Runnable written = () -> {};
    private @Nullable CloseStatus closing;

    SocketOutbound(SocketWriter socket, Executor executor) {
        this.socket = socket;
        this.executor = executor;
    }

    /** Tells somebody each time everything that was queued is written. */
    void whenWritten(Runnable told) {
        written = told;
    }

    @Override
    public boolean ping() {
        lock.lock();
        try {
            if (closing == null) {
                pinging = true;
                startSending();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(String text) {
        lock.lock();
        try {
            if (closing == null) {
                waiting.add(text);
                count();
                startSending();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close(int code, String reason) {
        lock.lock();
        try {
            if (closing == null) {
                closing = new CloseStatus(code, reason);
                startSending();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int unsent() {
        return unsent;
    }

    private void count() {
        unsent = waiting.size() + inFlight;
    }

    private void startSending() {
        if (!sending) {
            sending = true;
            executor.execute(this::sendAll);
        }
    }

    /** Ends when nothing is left, or when a message is on its way: whoever has written it goes on then. */
    private void sendAll() {
        while (true) {
            Next next = take();
            switch (next) {
                case Next.Nothing nothing -> {
                    written.run();
                    return;
                }
                case Next.Close close -> {
                    written.run();
                    socket.close(close.status());
                    return;
                }
                case Next.Ping ping -> {
                    Step step = new Step();
                    socket.ping(step, this::abandon);
                    if (!step.isOver()) {
                        return;
                    }
                }
                case Next.Text text -> {
                    Step step = new Step();
                    socket.text(text.text(), step, this::abandon);
                    if (!step.isOver()) {
                        return;
                    }
                }
            }
        }
    }

    /** The writing of one message. Of the thread that began it and the one that has ended it, the later one goes on. */
    private final class Step extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1L;

        @Override
        public void run() {
            if (getAndSet(true)) {
                executor.execute(SocketOutbound.this::sendAll);
            }
        }

        boolean isOver() {
            return getAndSet(true);
        }
    }

    private sealed interface Next {
        record Nothing() implements Next {}

        record Ping() implements Next {}

        record Text(String text) implements Next {}

        record Close(CloseStatus status) implements Next {}
    }

    /** Takes the next message; with none left the sender goes home, under the same lock that starts the next one. */
    private Next take() {
        lock.lock();
        try {
            inFlight = 0;
            if (pinging) {
                pinging = false;
                count();
                return new Next.Ping();
            }
            String next = waiting.poll();
            if (next != null) {
                inFlight = 1;
                count();
                return new Next.Text(next);
            }
            count();
            if (closing != null) {
                return new Next.Close(closing);
            }
            sending = false;
            return new Next.Nothing();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing gets through any more; whoever was sending stops here, for good. */
    private void abandon() {
        lock.lock();
        try {
            waiting.clear();
            inFlight = 0;
            count();
            closing = CloseStatus.SESSION_NOT_RELIABLE;
        } finally {
            lock.unlock();
        }
        socket.close(CloseStatus.SESSION_NOT_RELIABLE);
    }
}
