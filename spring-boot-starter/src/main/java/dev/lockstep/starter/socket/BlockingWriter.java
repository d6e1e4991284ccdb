package dev.lockstep.starter.socket;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/** Writes to a socket of any container; the calling thread waits until the network has taken the message. */
final class BlockingWriter implements SocketWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingWriter.class);

    private final WebSocketSession socket;

    BlockingWriter(WebSocketSession socket) {
        this.socket = socket;
    }

    @Override
    public void text(String text, Runnable written, Runnable broken) {
        send(new TextMessage(text), written, broken);
    }

    @Override
    public void ping(Runnable written, Runnable broken) {
        send(new PingMessage(), written, broken);
    }

    private void send(WebSocketMessage<?> message, Runnable written, Runnable broken) {
        try {
            socket.sendMessage(message);
        } catch (IOException | RuntimeException e) {
            LOG.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
            broken.run();
            return;
        }
        written.run();
    }

    @Override
    public void close(CloseStatus status) {
        try {
            socket.close(status);
        } catch (IOException | RuntimeException e) {
            LOG.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
        }
    }
}
