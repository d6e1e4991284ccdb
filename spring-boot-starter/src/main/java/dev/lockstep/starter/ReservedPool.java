package dev.lockstep.starter;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A few connections of their own for work that must not wait behind others: acknowledging webhooks while every other
 * connection is busy. Where the application's pool is not HikariCP, its pool is shared.
 */
final class ReservedPool implements AutoCloseable {
    private final DataSource connections;
    private final boolean own;

    private ReservedPool(DataSource connections, boolean own) {
        this.connections = connections;
        this.own = own;
    }

    /** Opens connections to where the application's pool leads; none is made before it is needed. */
    static ReservedPool beside(DataSource pool, String name, int size) {
        try {
            if (pool.isWrapperFor(HikariDataSource.class)) {
                HikariConfig config = new HikariConfig();
                pool.unwrap(HikariDataSource.class).copyStateTo(config);
                config.setPoolName(name);
                config.setMaximumPoolSize(size);
                config.setMinimumIdle(1);
                return new ReservedPool(new HikariDataSource(config), true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The application's pool does not say what it is", e);
        }
        return new ReservedPool(pool, false);
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
