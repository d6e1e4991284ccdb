package dev.lockstep.starter.socket;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.LiveConnection;
import java.net.URI;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * Hands the container's sockets to the live room and back. It knows no protocol, and it ignores cookies: a socket says who
 * it is by message.
 */
final class LiveSocketHandler extends TextWebSocketHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSocketHandler.class);
    private static final String CONNECTION = LiveConnection.class.getName();

    private final LiveEngine live;
    private final Executor senders;
    private final int maxMessage;

    LiveSocketHandler(LiveEngine live, Executor senders, int maxMessage) {
        this.live = live;
        this.senders = senders;
        this.maxMessage = maxMessage;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        session.setTextMessageSizeLimit(maxMessage);
        LiveConnection connection =
                live.open(new SocketOutbound(session, senders), new ConnectionFacts(clientVersion(session)));
        session.getAttributes().put(CONNECTION, connection);
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) {
        LiveConnection connection = connection(session);
        if (connection != null) {
            connection.onText(message.getPayload());
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
