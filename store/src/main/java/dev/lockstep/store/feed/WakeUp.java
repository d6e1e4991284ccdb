package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Wakes the other nodes: rings of this node are merged into one NOTIFY from a transaction of its own, because NOTIFY
 * makes committing transactions queue behind each other. Everything here may be lost; polling is the safety net.
 */
final class WakeUp {
    private static final Logger LOG = LoggerFactory.getLogger(WakeUp.class);
    private static final String LISTEN = "LISTEN lockstep_feed";
    private static final String UNLISTEN = "UNLISTEN lockstep_feed";
    private static final String NOTIFY = "SELECT 1 FROM pg_notify('lockstep_feed', :node)";
    private static final int SILENCE_MILLIS = 10_000;
    private static final int VALID_SECONDS = 5;
    private static final Duration LEAVING = Duration.ofSeconds(2);
    private static final long AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_SECONDS = 5;

    private final DataSource pool;
    private final Database database;
    private final String node;
    private final Duration spacing;
    private final Doorbell local;
    private final Bell outbound = new Bell();
    private final Thread sender;
    private final Thread listener;
    /** Set while the listening connection is open. */
    private volatile @Nullable Connection listening;

    WakeUp(DataSource pool, UUID node, Duration spacing, Doorbell local) {
        this.pool = pool;
        this.database = new Database(pool);
        this.node = node.toString();
        this.spacing = spacing;
        this.local = local;
        this.sender = Thread.ofVirtual().name("lockstep-feed-notify").unstarted(this::send);
        this.listener =
                Thread.ofPlatform().daemon().name("lockstep-feed-listen").unstarted(this::listen);
    }

    void start() {
        sender.start();
        listener.start();
    }

    /** Wakes the others soon. */
    void others() {
        outbound.ring();
    }

    /**
     * The listener is woken by a notification of its own and gives its connection back as it got it; only a server that
     * does not answer makes it lose the connection.
     */
    void close() throws InterruptedException {
        outbound.close();
        sender.join();
        if (listening != null) {
            knock();
            if (!listener.join(LEAVING)) {
                cut(listening);
            }
        }
        listener.join();
    }

    private void send() {
        while (!outbound.isClosed()) {
            if (outbound.await(Long.MAX_VALUE)) {
                knock();
                outbound.pause(spacing.toNanos());
            }
        }
    }

    private void knock() {
        try {
            database.write(tx ->
                    tx.sql(NOTIFY).param("node", node).query(Integer.class).single());
        } catch (DataAccessException e) {
            LOG.debug("FEED_WAKE_UP_LOST The other nodes find out by polling.", e);
        }
    }

    private void listen() {
        int failures = 0;
        while (!outbound.isClosed()) {
            try (Connection connection = pool.getConnection()) {
                failures = 0;
                listenOn(connection);
            } catch (SQLException e) {
                if (!outbound.isClosed()) {
                    failures++;
                    LOG.debug("FEED_LISTEN_LOST Listening again soon; until then changes are found by polling.", e);
                    outbound.pause(Bell.backoff(AGAIN_NANOS, failures, LONGEST_SECONDS));
                }
            }
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        PGConnection server = connection.unwrap(PGConnection.class);
        listening = connection;
        try {
            execute(connection, LISTEN);
            local.ring();
            while (!outbound.isClosed()) {
                PGNotification[] heard = server.getNotifications(SILENCE_MILLIS);
                if (heard == null || heard.length == 0) {
                    if (!connection.isValid(VALID_SECONDS)) {
                        throw new SQLException("The listening connection is dead.", "08006");
                    }
                } else if (fromOthers(heard)) {
                    local.ring();
                }
            }
        } finally {
            listening = null;
            // Through the pool's own wrapper: a dead connection is noticed there and not handed out again.
            execute(connection, UNLISTEN);
        }
    }

    private boolean fromOthers(PGNotification[] heard) {
        for (PGNotification notification : heard) {
            if (!node.equals(notification.getParameter())) {
                return true;
            }
        }
        return false;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void cut(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.unwrap(Connection.class).abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("FEED_LISTEN_LOST The listening connection was gone already.", e);
            }
        }
    }
}
