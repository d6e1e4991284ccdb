package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.starter.MirrorLook.Found;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.RateBudget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What operators see of a mirror that is well, lags, or cannot be asked. */
class MirrorLookTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicLong nanos = new AtomicLong();
    private final Database database = new Database(postgres.dataSource());
    private final Database counted = new Database(new Counted());
    private final MirrorLook look = new MirrorLook(counted, "client_test", nanos::get);
    private final SyncHealth health = new SyncHealth(look, MirrorJudge.byDefault(), RateBudget.forEnvironment());

    private final class Counted extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            connections.incrementAndGet();
            if (away.get()) {
                throw new SQLException("away", "08001");
            }
            return postgres.dataSource().getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    @BeforeEach
    void aMirrorThatIsWell() {
        run("TRUNCATE lockstep.inbox, lockstep.sync_mark, lockstep.cursor, lockstep.lease");
        run("INSERT INTO lockstep.cursor (name, event_id, event_at, polled_at) VALUES ('client_test', 'event_7',"
                + " clock_timestamp() - interval '1 hour', clock_timestamp() - interval '3 seconds')");
        run("INSERT INTO lockstep.lease (name, holder, token, expires_at) VALUES ('tail:client_test',"
                + " '00000000-0000-0000-0000-000000000001', 4, clock_timestamp() + interval '1 minute')");
        run("INSERT INTO lockstep.sync_mark (seq, through) VALUES (10, clock_timestamp() - interval '12 seconds')");
    }

    @Test
    void aHealthyMirrorIsUpWithItsDetails() {
        Health up = health.health();
        assertThat(up.getStatus()).isEqualTo(Status.UP);
        assertThat(up.getDetails())
                .containsEntry("pollAgeSeconds", 3L)
                .containsEntry("lagSeconds", 12L)
                .containsEntry("rightsAgeSeconds", 12L)
                .containsEntry("tailHolder", "00000000-0000-0000-0000-000000000001")
                .containsEntry("inboxWaiting", 0L)
                .containsEntry("parked", 0L)
                .doesNotContainKey("worries");
    }

    @Test
    void aLaggingMirrorIsDegradedAndNeverDown() {
        run("UPDATE lockstep.cursor SET polled_at = clock_timestamp() - interval '10 minutes',"
                + " event_at = clock_timestamp() - interval '25 days'");
        run("UPDATE lockstep.lease SET expires_at = clock_timestamp()");
        run("UPDATE lockstep.sync_mark SET through = clock_timestamp() - interval '10 minutes'");
        event("new", 9, "10 minutes");
        event("retry", 11, "5 minutes");
        event("parked", 12, "1 minute");
        Health lagging = health.health();
        assertThat(lagging.getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(lagging.getDetails().get("worries").toString())
                .contains(
                        "the Events tail has not reached the end for 600 s and no node holds its lease",
                        "the last event read is 25 days old",
                        "too old to decide about rights (nothing is proved yet, allowed are 60 s)",
                        "2 events are not applied, the oldest for 60",
                        "1 events are parked");
        assertThat(lagging.getDetails()).containsEntry("inboxWaiting", 2L).containsEntry("parked", 1L);
    }

    @Test
    void whatIsAppliedShowsHowLongItsWayWas() {
        run("INSERT INTO lockstep.inbox (event_id, source, sha256, body, state, received_at, finished_at) VALUES"
                + " ('event_1', 'webhook', '', '', 'done', '2026-03-01T10:00:00Z', '2026-03-01T10:00:01.5Z'),"
                + " ('event_2', 'webhook', '', '', 'done', '2026-03-01T10:00:00Z', '2026-03-01T10:00:00.5Z'),"
                + " ('event_3', 'tail', '', '', 'ignored', '2026-03-01T10:00:00Z', '2026-03-01T10:00:09Z')");
        assertThat(status().mirror().inbox().applyLag()).containsExactly(Map.entry("webhook", Duration.ofMillis(1500)));
    }

    @Test
    void oneLookServesAllForASecondAlsoOneThatFailed() {
        var registry = new SimpleMeterRegistry();
        new SharedMeters(look).bindTo(registry);
        registry.getMeters().forEach(meter -> meter.measure().forEach(measured -> measured.getValue()));
        health.health();
        assertThat(connections).hasValue(1);

        away.set(true);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        registry.getMeters().forEach(meter -> meter.measure().forEach(measured -> measured.getValue()));
        assertThat(registry.get("lockstep.sync.poll.age").gauge().value()).isNaN();
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(connections).as("asked once, and not again for every meter").hasValue(2);
        assertThat(look.failures()).isEqualTo(1);

        away.set(false);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(registry.get("lockstep.sync.poll.age").gauge().value()).isBetween(3.0, 60.0);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void readinessAsksWhetherTheDatabaseTakesWritesAndNothingElse() {
        DatabaseReadiness readiness = new DatabaseReadiness(counted);
        event("new", 9, "10 hours");
        run("DELETE FROM lockstep.cursor");
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);

        away.set(true);
        assertThat(readiness.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(new DatabaseReadiness(new Database(new ReadOnly())).health().getStatus())
                .isEqualTo(Status.OUT_OF_SERVICE);
    }

    private static final class ReadOnly extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            // Not of the pool, which would hand it to the next test as it is.
            Connection connection =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
            try (var statement = connection.createStatement()) {
                statement.execute("SET default_transaction_read_only = on");
            }
            return connection;
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    private Found.Status status() {
        assertThat(look.now()).isInstanceOf(Found.Status.class);
        return (Found.Status) look.now();
    }

    private void event(String state, int seq, String age) {
        run(
                "INSERT INTO lockstep.inbox (seq, event_id, source, sha256, body, state, received_at) OVERRIDING SYSTEM VALUE"
                        + " VALUES (" + seq + ", 'event_" + seq + "', 'tail', '', '', '" + state
                        + "', clock_timestamp() - interval '" + age + "')");
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
