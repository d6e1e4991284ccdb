package dev.lockstep.live;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import dev.lockstep.live.http.FunctionsOverHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
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
    private final FunctionsOverHttp calls;

    SyncServer(LiveHouse house, int port) throws Exception {
        this(house, port, LiveHouse::verdict);
    }

    SyncServer(LiveHouse house, int port, CallerAuthority authority) throws Exception {
        this.engine = house.engine;
        this.calls = house.http(authority);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ContextHandler context = new ContextHandler("/");
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(server, context, container -> {
            container.setMaxTextMessageSize(20 << 20);
            container.setIdleTimeout(Duration.ofMinutes(5));
            container.addMapping("/api/sync", (request, response, callback) -> new Endpoint());
            container.addMapping("regex|/api/[^/]+/sync", (request, response, callback) -> new Endpoint());
        });
        upgrade.setHandler(new Calls());
        context.setHandler(upgrade);
        server.setHandler(context);
        server.start();
    }

    /** What a test does with a client. */
    interface Calling {
        void with(LiveClient client) throws Exception;
    }

    /** Serves a house to one Java client for as long as the calls take. */
    static void toOneClient(LiveHouse house, Calling calling) throws Exception {
        SyncServer server = new SyncServer(house, 0);
        LiveClientSettings settings = LiveClientSettings.of(URI.create("http://127.0.0.1:" + server.port()));
        try (LiveClient client = new LiveClient(settings, HttpClient.newHttpClient(), new Random(1)).start()) {
            calling.with(client);
        } finally {
            server.close();
        }
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

    /** The HTTP side, without the rules about origins that the real endpoint has. */
    private final class Calls extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            FunctionsOverHttp.Kind kind =
                    FunctionsOverHttp.Kind.of(request.getHttpURI().getPath()).orElse(null);
            if (kind == null) {
                return false;
            }
            FunctionsOverHttp.Response answer = calls.answer(
                    kind, Content.Source.asString(request), request.getHeaders().get(HttpHeader.AUTHORIZATION));
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            Content.Sink.write(response, true, answer.body(), callback);
            return true;
        }
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
        public void onWebSocketClose(int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
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
            session.sendText(text, org.eclipse.jetty.websocket.api.Callback.from(this::written, failure -> written()));
        }

        @Override
        public void close(int code, String reason) {
            session.close(code, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        private void written() {
            if (unsent.decrementAndGet() == 0) {
                connection.onWritten();
            }
        }

        @Override
        public boolean ping() {
            session.sendPing(java.nio.ByteBuffer.allocate(0), org.eclipse.jetty.websocket.api.Callback.NOOP);
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
