package dev.lockstep.live;

import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The live room behind a real socket on 127.0.0.1, for the genuine client. It can be stopped and started on one port. */
final class SyncServer {
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    /** While set, a socket breaks instead of carrying a response to a mutation: the client never learns of it. */
    final AtomicBoolean loseNextResponse = new AtomicBoolean();

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final LiveEngine engine;

    SyncServer(LiveEngine engine, int port) throws Exception {
        this.engine = engine;
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ContextHandler context = new ContextHandler("/");
        context.setHandler(WebSocketUpgradeHandler.from(server, context, container -> {
            container.setMaxTextMessageSize(20 << 20);
            container.setIdleTimeout(Duration.ofMinutes(5));
            container.addMapping("/api/*", (request, response, callback) -> new Endpoint());
        }));
        server.setHandler(context);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Breaks every socket without a closing word. */
    void drop() {
        sessions.forEach(Session::disconnect);
    }

    void close() throws Exception {
        drop();
        server.stop();
    }

    /** Public because the container calls it. */
    public final class Endpoint implements Session.Listener.AutoDemanding, Outbound {
        private final AtomicInteger unsent = new AtomicInteger();
        private Session session;
        private LiveConnection connection;

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
            sessions.add(opened);
            connection = engine.open(this, new ConnectionFacts("test"));
        }

        @Override
        public void onWebSocketText(String message) {
            connection.onText(message);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            ended();
            callback.succeed();
        }

        private void ended() {
            sessions.remove(session);
            connection.onClose();
        }

        @Override
        public void send(String text) {
            if (text.startsWith("{\"type\":\"MutationResponse\"") && loseNextResponse.getAndSet(false)) {
                session.disconnect();
                return;
            }
            unsent.incrementAndGet();
            session.sendText(text, Callback.from(this::written, failure -> written()));
        }

        @Override
        public void close(int code, String reason) {
            session.close(code, reason, Callback.NOOP);
        }

        private void written() {
            if (unsent.decrementAndGet() == 0) {
                connection.onWritten();
            }
        }

        @Override
        public boolean ping() {
            session.sendPing(java.nio.ByteBuffer.allocate(0), Callback.NOOP);
            return true;
        }

        @Override
        public void onWebSocketPong(java.nio.ByteBuffer payload) {
            connection.onPong();
        }

        @Override
        public int unsent() {
            return unsent.get();
        }
    }
}
