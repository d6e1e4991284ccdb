package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.keeping.StoredSessions;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class StoredSessionRowsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_sessions", Migrations::migrate);

    private final Instant now = Instant.now(java.time.Clock.systemUTC()).truncatedTo(ChronoUnit.SECONDS);
    private Database database;
    private StoredSessionRows rows;

    @BeforeEach
    void open() {
        database = new Database(postgres.dataSource());
        rows = new StoredSessionRows(database);
    }

    @Test
    void aRowIsFoundUntilItIsRemoved() throws Exception {
        rows.save(row("key_1", 1, now, Duration.ofDays(1)));
        assertThat(rows.find("key_1").orElseThrow()).containsExactly(1);
        assertThat(rows.find("key_2")).isEmpty();
        rows.remove("key_1");
        rows.remove("key_1");
        assertThat(rows.find("key_1")).isEmpty();
    }

    @Test
    void aNewerTokenReplacesAnOlderOneAndNeverTheOtherWayRound() throws Exception {
        rows.save(row("key_1", 1, now, Duration.ofDays(1)));
        rows.save(row("key_1", 2, now.plusSeconds(1), Duration.ofDays(1)));
        rows.save(row("key_1", 3, now, Duration.ofDays(1)));
        assertThat(rows.find("key_1").orElseThrow()).containsExactly(2);
    }

    @Test
    void aRowThatHasRunOutIsNotFoundAndPrunedAlongTheWay() throws Exception {
        rows.save(row("old", 1, now, Duration.ofSeconds(-1)));
        assertThat(rows.find("old")).isEmpty();
        for (int i = 0; i < 200; i++) {
            rows.save(row("key_" + i, 1, now, Duration.ofDays(1)));
        }
        long left = database.read(tx -> tx.sql("SELECT count(*) FROM lockstep.stored_session WHERE key = 'old'")
                .query(Long.class)
                .single());
        assertThat(left).isZero();
    }

    @Test
    void aDatabaseThatIsAwayIsNoSessionThatIsOver() {
        var nowhere = new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere"));
        assertThatThrownBy(() -> new StoredSessionRows(nowhere).find("key_1"))
                .isInstanceOf(StoredSessions.Unavailable.class);
    }

    private static StoredSessions.Row row(String key, int content, Instant issuedAt, Duration life) {
        return new StoredSessions.Row(
                key,
                new SessionId("session_1"),
                new UserId("user_1"),
                new byte[] {(byte) content},
                issuedAt,
                issuedAt.plus(life));
    }
}
