package dev.lockstep.starter.socket;

import dev.lockstep.live.connection.Outbound;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Writes to one socket in order without ever making the caller wait for the client: messages queue here and a thread
 * borrowed from the executor sends them while there are any.
 */
final class SocketOutbound implements Outbound {
    private static final Logger log = LoggerFactory.getLogger(SocketOutbound.class);

    private final WebSocketSession socket;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<String> waiting = new ArrayDeque<>();
    private boolean sending;
    private int inFlight;
    private boolean pinging;
    private volatile Runnable written = () -> {};
    private @Nullable CloseStatus closing;

    SocketOutbound(WebSocketSession socket, Executor executor) {
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
            if (closing != null) {
                return;
            }
            waiting.add(text);
            startSending();
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
        lock.lock();
        try {
            return waiting.size() + inFlight;
        } finally {
            lock.unlock();
        }
    }

    private void startSending() {
        if (!sending) {
            sending = true;
            executor.execute(this::sendAll);
        }
    }

    private void sendAll() {
        try {
            WebSocketMessage<?> next = take();
            while (next != null) {
                socket.sendMessage(next);
                next = take();
            }
            written.run();
            CloseStatus status = closing;
            if (status != null) {
                socket.close(status);
            }
        } catch (IOException | RuntimeException e) {
            log.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
            abandon();
        }
    }

    /** Takes the next message; with none left the sender goes home, under the same lock that starts the next one. */
    private @Nullable WebSocketMessage<?> take() {
        lock.lock();
        try {
            inFlight = 0;
            if (pinging) {
                pinging = false;
                return new PingMessage();
            }
            String next = waiting.poll();
            if (next != null) {
                inFlight = 1;
                return new TextMessage(next);
            }
            if (closing == null) {
                sending = false;
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        lock.lock();
        try {
            waiting.clear();
            inFlight = 0;
            closing = CloseStatus.SESSION_NOT_RELIABLE;
        } finally {
            lock.unlock();
        }
        try {
            socket.close(CloseStatus.SESSION_NOT_RELIABLE);
        } catch (IOException | RuntimeException e) {
            log.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
        }
    }
}
