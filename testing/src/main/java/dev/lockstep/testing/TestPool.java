package dev.lockstep.testing;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The pool of one test database. Its DataSource may be handed out before the database is there; it can be used once it
 * is. Idle connections are kept few, because one cluster serves all databases of a run.
 */
final class TestPool implements AutoCloseable {
    private final HikariDataSource pool = new HikariDataSource();

    DataSource dataSource() {
        return pool;
    }

    void connectTo(String jdbcUrl, String username, String password) {
        pool.setJdbcUrl(jdbcUrl);
        pool.setUsername(username);
        pool.setPassword(password);
        pool.setMaximumPoolSize(32);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(Duration.ofSeconds(10).toMillis());
        pool.setConnectionTimeout(Duration.ofSeconds(20).toMillis());
        pool.setInitializationFailTimeout(-1);
        // Forty-five minutes off every full hour: code that forgets zones shows it.
        pool.setConnectionInitSql("set time zone 'Asia/Kathmandu'");
    }

    @Override
    public void close() {
        pool.close();
    }
}
