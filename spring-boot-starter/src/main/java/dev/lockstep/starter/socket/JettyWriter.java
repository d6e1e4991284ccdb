package dev.lockstep.starter.socket;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/** Writes to a socket of Jetty, which says by itself when the network has taken a message: no thread waits. */
final class JettyWriter implements SocketWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JettyWriter.class);

    private final Session socket;

    private JettyWriter(Session socket) {
        this.socket = socket;
    }

    /** Empty when the socket is not Jetty's own. */
    static Optional<SocketWriter> of(WebSocketSession session) {
        return session instanceof NativeWebSocketSession outer && outer.getNativeSession() instanceof Session socket
                ? Optional.of(new JettyWriter(socket))
                : Optional.empty();
    }

    @Override
    public void text(String text, Runnable written, Runnable broken) {
        try {
            socket.sendText(text, new Told(written, broken));
        } catch (RuntimeException e) {
            LOG.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
            broken.run();
        }
    }

    @Override
    public void ping(Runnable written, Runnable broken) {
        try {
            socket.sendPing(ByteBuffer.allocate(0), new Told(written, broken));
        } catch (RuntimeException e) {
            LOG.debug("live.socket.gone cause={}", e.getClass().getSimpleName());
            broken.run();
        }
    }

    @Override
    public void close(CloseStatus status) {
        socket.close(status.getCode(), status.getReason(), Callback.NOOP);
    }

    private record Told(Runnable written, Runnable broken) implements Callback {
        @Override
        public void succeed() {
            written.run();
        }

        @Override
        public void fail(Throwable cause) {
            LOG.debug("live.socket.gone cause={}", cause.getClass().getSimpleName());
            broken.run();
        }
    }
}
