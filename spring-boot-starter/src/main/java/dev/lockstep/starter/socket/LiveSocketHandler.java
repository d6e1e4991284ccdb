package dev.lockstep.starter.socket;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.LiveConnection;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * Hands the container's sockets to the live room and back. It knows no protocol, and it ignores cookies: a socket says who
 * it is by message.
 */
final class LiveSocketHandler extends TextWebSocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSocketHandler.class);
    /** Jetty puts messages together by itself; elsewhere a limit would be a buffer of that size on every socket. */
    private static final String JETTY = "org.springframework.web.socket.adapter.jetty";

    private static final String CONNECTION = LiveConnection.class.getName();
    private static final String PARTS = MessageParts.class.getName();
    /** No client cuts a message into so many pieces. */
    private static final int MOST_PARTS = 1000;

    private final LiveEngine live;
    private final SocketSenders senders;
    private final int maxMessage;

    LiveSocketHandler(LiveEngine live, SocketSenders senders, int maxMessage) {
        this.live = live;
        this.senders = senders;
        this.maxMessage = maxMessage;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        SocketOutbound outbound = outbound(session);
        LiveConnection connection = live.open(outbound, new ConnectionFacts(clientVersion(session)));
        outbound.whenWritten(connection::onWritten);
        session.getAttributes().put(CONNECTION, connection);
        session.getAttributes().put(PARTS, new MessageParts(maxMessage, MOST_PARTS));
    }

    private SocketOutbound outbound(WebSocketSession session) {
        if (session.getClass().getName().startsWith(JETTY)) {
            session.setTextMessageSizeLimit(maxMessage);
            Optional<SocketWriter> writer = JettyWriter.of(session);
            if (writer.isPresent()) {
                return new SocketOutbound(writer.get(), senders.quick());
            }
        }
        return new SocketOutbound(new BlockingWriter(session), senders.patient());
    }

    /** Messages that come in pieces are put together here, so that no socket needs a buffer for the longest one. */
    @Override
    public boolean supportsPartialMessages() {
        return true;
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        LiveConnection connection = connection(session);
        if (connection != null && session.getAttributes().get(PARTS) instanceof MessageParts parts) {
            if (!parts.add(message.getPayload())) {
                session.close(CloseStatus.TOO_BIG_TO_PROCESS);
            } else if (message.isLast()) {
                connection.onText(parts.take());
            }
        }
    }

    @Override
    protected void handlePongMessage(WebSocketSession session, PongMessage message) {
        LiveConnection connection = connection(session);
        if (connection != null) {
            connection.onPong();
        }
    }

    @Override
    public void handleTransportError(WebSocketSession session, Throwable failure) {
        LOG.debug("live.socket.error cause={}", failure.getClass().getSimpleName());
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        LiveConnection connection = connection(session);
        if (connection != null) {
            connection.onClose();
        }
    }

    private static @Nullable LiveConnection connection(WebSocketSession session) {
        return session.getAttributes().get(CONNECTION) instanceof LiveConnection connection ? connection : null;
    }

    /** The version stands in the path ({@code /api/1.48.0/sync}) or in a header of native clients. */
    private static String clientVersion(WebSocketSession session) {
        String header = session.getHandshakeHeaders().getFirst("Convex-Client");
        if (header != null) {
            return header;
        }
        URI uri = session.getUri();
        String[] parts = uri == null ? new String[0] : uri.getPath().split("/");
        return parts.length > 3 ? parts[parts.length - 2] : "unknown";
    }
}
