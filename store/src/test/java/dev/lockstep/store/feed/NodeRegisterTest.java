package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Nodes that vanish between a statement and its commit, so that the server does not notice. */
class NodeRegisterTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final UUID node = UUID.randomUUID();

    @Test
    void aNodeThatWasCutOffWhileItEnteredDoesNotStandInItsOwnWay() {
        NodeRegister cutOff = new NodeRegister(new Database(neverCommitting(postgres.dataSource())), node);
        assertThatThrownBy(cutOff::enter).isInstanceOf(DataAccessException.class);

        Database database = new Database(postgres.dataSource());
        NodeRegister again = new NodeRegister(database, node);
        assertTimeoutPreemptively(Duration.ofSeconds(60), again::enter);
        assertThat(database.<Boolean>read(again::knows)).isTrue();
    }

    @Test
    void theClockIsFreeAgainWhenANodeWasCutOffWhileItMovedIt() {
        new FeedClock(new Database(postgres.dataSource())).read();
        FeedClock cutOff = new FeedClock(new Database(neverCommitting(postgres.dataSource())));
        assertThatThrownBy(() -> cutOff.passBeyond(Ts.of(9_999, 1))).isInstanceOf(DataAccessException.class);

        FeedClock clock = new FeedClock(new Database(postgres.dataSource()));
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> clock.passBeyond(Ts.of(9_999, 1)));
        assertThat(clock.read().epoch()).isEqualTo(10_000);
    }

    private static DataSource neverCommitting(DataSource real) {
        return new DelegatingDataSource(real) {
            @Override
            public Connection getConnection() throws SQLException {
                return cutBeforeCommit(super.getConnection());
            }
        };
    }

    private static Connection cutBeforeCommit(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                NodeRegisterTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "commit", "rollback" -> throw new SQLException("The answer never came.", "08006");
                    case "close", "abort" -> null;
                    default -> {
                        try {
                            yield method.invoke(real, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
    }
}
