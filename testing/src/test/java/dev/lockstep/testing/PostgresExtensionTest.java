package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresExtensionTest {
    private static final AtomicInteger PREPARATIONS = new AtomicInteger();

    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.empty();

    @RegisterExtension
    static final PostgresExtension copy = PostgresExtension.copyOf("one_table", PostgresExtensionTest::makeTable);

    @RegisterExtension
    static final PostgresExtension secondCopy = PostgresExtension.copyOf("one_table", PostgresExtensionTest::makeTable);

    @RegisterExtension
    final PostgresExtension perTest = PostgresExtension.copyOf("one_table", PostgresExtensionTest::makeTable);

    /** Taken before the database exists, as a test's fields often do. */
    private static final DataSource EARLY = postgres.dataSource();

    @Test
    void theSessionTimeZoneIsNotUtc() throws SQLException {
        assertThat(query(EARLY, "show time zone")).isEqualTo("Asia/Kathmandu");
    }

    @Test
    void everyExtensionHasADatabaseOfItsOwn() throws SQLException {
        assertThat(query(postgres.dataSource(), "select current_database()"))
                .isNotEqualTo(query(copy.dataSource(), "select current_database()"));
        assertThat(query(postgres.dataSource(), "select to_regclass('prepared') is null"))
                .isEqualTo("t");
    }

    @Test
    void aTemplateIsPreparedOnceAndItsCopiesDoNotShareRows() throws SQLException {
        execute(copy.dataSource(), "insert into prepared values (1)");
        assertThat(query(copy.dataSource(), "select count(*) from prepared")).isEqualTo("1");
        assertThat(query(secondCopy.dataSource(), "select count(*) from prepared"))
                .isEqualTo("0");
        assertThat(PREPARATIONS).hasValue(1);
    }

    @Test
    void anInstanceFieldStartsEmptyInOneTest() throws SQLException {
        assertPerTestDatabaseIsFresh();
    }

    @Test
    void andStartsEmptyInTheNext() throws SQLException {
        assertPerTestDatabaseIsFresh();
    }

    @Test
    void theAddressWorksForAnyOtherClient() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password())) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void aCrashKeepsWhatWasCommittedAndTheAddress() throws SQLException {
        String before = postgres.jdbcUrl();
        execute(EARLY, "create table survivors as select generate_series(1, 100) as n");
        postgres.crash();
        assertThatThrownBy(
                        () -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password()))
                .isInstanceOf(SQLException.class);
        postgres.bringBack();
        assertThat(postgres.jdbcUrl()).isEqualTo(before);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(query(EARLY, "select count(*) from survivors"))
                        .isEqualTo("100"));
    }

    @Test
    void anAddressAskedForTooEarlyIsAClearError() {
        assertThatThrownBy(() -> PostgresExtension.empty().jdbcUrl()).hasMessageContaining("@RegisterExtension");
        assertThatThrownBy(() -> PostgresExtension.copyOf("no good", any -> {})).hasMessageContaining("no good");
    }

    private void assertPerTestDatabaseIsFresh() throws SQLException {
        assertThat(query(perTest.dataSource(), "select count(*) from prepared")).isEqualTo("0");
        execute(perTest.dataSource(), "insert into prepared values (1)");
    }

    private static void makeTable(DataSource database) {
        PREPARATIONS.incrementAndGet();
        try {
            execute(database, "create table prepared (n int)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
