package dev.lockstep.starter;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * A few connections of their own for work that must not wait behind others: acknowledging webhooks, or following
 * the change feed, while every other connection is busy. Where the application's pool is not HikariCP, its pool is shared.
 */
final class ReservedPool implements AutoCloseable {
    /** One ticks, one listens, one rings. */
    private static final int FEED_CONNECTIONS = 3;

    private static final Duration FEED_WAIT = Duration.ofSeconds(3);
    private static final Duration FEED_CHECK = Duration.ofSeconds(1);
    /** HikariCP accepts no less. */
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(10);

    private final DataSource connections;
    private final boolean own;

    private ReservedPool(DataSource connections, boolean own) {
        this.connections = connections;
        this.own = own;
    }

    /** Opens connections to where the application's pool leads; none is made before it is needed. */
    static ReservedPool beside(DataSource pool, String name, int size) {
        return beside(pool, name, size, config -> {});
    }

    /**
     * The same for the change feed: connections that find out within seconds that the server is out of reach, and within
     * seconds that it is back, however long the application's own may wait.
     */
    static ReservedPool forFeed(DataSource pool) {
        return beside(pool, "lockstep-feed", FEED_CONNECTIONS, config -> {
            // With none to keep, the pool tries only while the feed waits, and not ever more rarely as an outage goes
            // on.
            config.setMinimumIdle(0);
            config.setConnectionTimeout(FEED_WAIT.toMillis());
            config.setValidationTimeout(FEED_CHECK.toMillis());
            config.addDataSourceProperty("connectTimeout", Long.toString(FEED_WAIT.toSeconds()));
            config.addDataSourceProperty("loginTimeout", Long.toString(FEED_WAIT.toSeconds()));
        });
    }

    /**
     * The same for what is rarely needed: connections that are made on demand, may stay out for long, and are closed soon
     * after they came back.
     */
    static ReservedPool onDemand(DataSource pool, String name, int size) {
        return beside(pool, name, size, config -> {
            config.setMinimumIdle(0);
            config.setIdleTimeout(SHORTEST_IDLE.toMillis());
            config.setKeepaliveTime(0);
            config.setLeakDetectionThreshold(0);
            config.setConnectionTimeout(FEED_WAIT.toMillis());
            config.setValidationTimeout(FEED_CHECK.toMillis());
        });
    }

    private static ReservedPool beside(DataSource pool, String name, int size, Consumer<HikariConfig> more) {
        try {
            if (pool.isWrapperFor(HikariDataSource.class)) {
                HikariConfig config = new HikariConfig();
                pool.unwrap(HikariDataSource.class).copyStateTo(config);
                config.setPoolName(name);
                config.setMaximumPoolSize(size);
                config.setMinimumIdle(1);
                StatedIsolation.state(config);
                more.accept(config);
                return new ReservedPool(new HikariDataSource(config), true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The application's pool does not say what it is", e);
        }
        return new ReservedPool(pool, false);
    }

    /** Whether these are connections of their own, and not the application's. */
    boolean isOwn() {
        return own;
    }

    DataSource connections() {
        return connections;
    }

    @Override
    public void close() {
        if (own && connections instanceof HikariDataSource pool) {
            pool.close();
        }
    }
}
