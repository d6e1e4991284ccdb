package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ReservedPoolTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.empty();

    @Test
    void connectionsOnDemandTakeNothingFromTheApplicationAndNoneIsMadeBeforehand() throws Exception {
        try (HikariDataSource application = new HikariDataSource()) {
            application.setJdbcUrl(postgres.jdbcUrl());
            application.setUsername(postgres.username());
            application.setPassword(postgres.password());
            application.setMaximumPoolSize(1);
            application.setLeakDetectionThreshold(2_000);
            try (Connection only = application.getConnection();
                    ReservedPool reserved = ReservedPool.onDemand(application, "held", 2)) {
                HikariDataSource pool = (HikariDataSource) reserved.connections();
                assertThat(reserved.isOwn()).isTrue();
                assertThat(pool.getHikariPoolMXBean()).isNotNull();
                assertThat(pool.getMinimumIdle()).isZero();
                assertThat(pool.getMaximumPoolSize()).isEqualTo(2);
                assertThat(pool.getLeakDetectionThreshold()).isZero();
                try (Connection one = pool.getConnection();
                        Connection two = pool.getConnection()) {
                    assertThat(only.isValid(5) && one.isValid(5) && two.isValid(5))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void whereThePoolCannotBeCopiedTheConnectionsAreNotItsOwn() {
        try (ReservedPool shared = ReservedPool.onDemand(
                new DriverManagerDataSource(postgres.jdbcUrl(), postgres.username(), postgres.password()), "held", 2)) {
            assertThat(shared.isOwn()).isFalse();
        }
    }
}
