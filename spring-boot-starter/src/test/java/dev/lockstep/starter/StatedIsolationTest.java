package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testing.PostgresExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class StatedIsolationTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.empty();

    @Test
    void aFirstConnectionThatBreaksWhileItIsLookedAtDoesNotSpoilThePool() throws Exception {
        try (HikariDataSource pool = pool()) {
            new StatedIsolation().postProcessBeforeInitialization(pool, "dataSource");
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            }
        }
    }

    @Test
    void withoutItThePoolIsLost() throws Exception {
        try (HikariDataSource pool = pool()) {
            assertThatThrownBy(pool::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasStackTraceContaining("Transaction isolation level -1 not supported");
        }
    }

    @Test
    void thePoolOfTheFeedStatesItsLevelToo() throws Exception {
        try (HikariDataSource pool = pool();
                ReservedPool feed = ReservedPool.forFeed(pool);
                Connection connection = feed.connections().getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void aLevelThatWasConfiguredStays() {
        try (HikariDataSource pool = pool()) {
            pool.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
            new StatedIsolation().postProcessBeforeInitialization(pool, "dataSource");
            assertThat(pool.getTransactionIsolation()).isEqualTo("TRANSACTION_SERIALIZABLE");
        }
    }

    private HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(breakingOnce(postgres.dataSource()));
        pool.setMinimumIdle(0);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(3_000);
        return pool;
    }

    /** Its first connection seems cut off when it is first asked for its isolation level. */
    private static DataSource breakingOnce(DataSource real) {
        AtomicBoolean broken = new AtomicBoolean();
        return new DelegatingDataSource(real) {
            @Override
            public Connection getConnection() throws SQLException {
                return cutOff(super.getConnection(), broken);
            }
        };
    }

    private static Connection cutOff(Connection real, AtomicBoolean broken) {
        return (Connection) Proxy.newProxyInstance(
                StatedIsolationTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("getTransactionIsolation") && !broken.getAndSet(true)) {
                        throw new SQLException("This connection has been closed.", "08003");
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
