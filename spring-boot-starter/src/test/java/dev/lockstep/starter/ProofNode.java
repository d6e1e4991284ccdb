package dev.lockstep.starter;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.LiveSettings;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.ConnectionLimits;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.testing.CutWire;
import dev.lockstep.testing.PostgresExtension;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * A node with pools as the server has them, behind wires that can be cut: one to its database, and several doors for its
 * pages.
 */
final class ProofNode {
    private static final int DOORS = 3;
    /** As in life, but that silence is noticed in seconds. */
    private static final ConnectionLimits LIMITS = new ConnectionLimits(
            500,
            1000,
            1 << 20,
            4096,
            2,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMillis(20));

    final CutWire database;
    final List<CutWire> doors;
    final LiveEngine engine;
    private final HikariDataSource pool = new HikariDataSource();
    private final ReservedPool feedPool;
    private final FeedReader feed;
    private final Server server = new Server();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    ProofNode(PostgresExtension postgres) throws Exception {
        URI address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        database = new CutWire(address.getHost(), address.getPort());
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + database.port() + address.getPath());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        pool.setMaximumPoolSize(8);
        pool.setMinimumIdle(2);
        pool.setConnectionTimeout(3000);
        pool.setValidationTimeout(1000);
        pool.setInitializationFailTimeout(-1);
        pool.addDataSourceProperty("socketTimeout", "30");
        StatedIsolation.state(pool);
        feedPool = ReservedPool.forFeed(pool);
        feed = new FeedReader(feedPool.connections(), UUID.randomUUID(), FeedSettings.defaults());
        engine = new LiveEngine(
                new Database(pool),
                feed,
                Chronicle.functions(),
                token -> new CallerAuthority.Verdict.Refused("Nobody signs in here."),
                LiveSettings.DEFAULTS.withLimits(LIMITS),
                InstantSource.system());
        feed.start();
        engine.start();
        int port = listen();
        doors = List.of(new CutWire("127.0.0.1", port), new CutWire("127.0.0.1", port), new CutWire("127.0.0.1", port));
    }

    private int listen() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandler context = new ContextHandler("/");
        context.setHandler(WebSocketUpgradeHandler.from(server, context, container -> {
            container.setMaxTextMessageSize(1 << 20);
            container.setIdleTimeout(Duration.ofMinutes(5));
            container.addMapping("regex|/api/[^/]+/sync", (request, response, callback) -> new Endpoint());
        }));
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    /** Where a page may knock. */
    URI door(int number) {
        return URI.create("http://127.0.0.1:" + doors.get(number % DOORS).port());
    }

    /** Everything that is cut can be reached again; what was swallowed stays dead. */
    void mend() {
        database.mend();
        doors.forEach(CutWire::mend);
    }

    /** Ends it as a crash does: connections break first. */
    void kill() throws Exception {
        for (CutWire door : doors) {
            door.close();
        }
        database.close();
        sessions.forEach(Session::disconnect);
        server.stop();
        engine.close();
        feed.close();
        feedPool.close();
        pool.close();
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
            sessions.remove(session);
            connection.onClose();
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            connection.onPong();
        }

        @Override
        public void send(String text) {
            unsent.incrementAndGet();
            session.sendText(text, Callback.from(this::written, failure -> written()));
        }

        private void written() {
            if (unsent.decrementAndGet() == 0) {
                connection.onWritten();
            }
        }

        @Override
        public void close(int code, String reason) {
            session.close(code, reason, Callback.NOOP);
        }

        @Override
        public boolean ping() {
            session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
            return true;
        }

        @Override
        public int unsent() {
            return unsent.get();
        }
    }
}
