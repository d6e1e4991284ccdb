package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.client.LiveMutationTimedOut;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A mutation that waits for a row longer than it may. */
class LiveMutationTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(700);
    private static final String LIVES = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = :pid)";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final AtomicInteger runs = new AtomicInteger();
    /** How many runs say nothing until the server gives them up. */
    private volatile int dawdles;

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(
                postgres.dataSource(),
                LiveSettings.DEFAULTS.withMutationTimeout(LIMIT),
                InstantSource.system(),
                LiveHouse::verdict,
                LiveFunctions.builder()
                        .mutation("rows:raise", (context, args) -> {
                            runs.incrementAndGet();
                            return context.tx()
                                    .sql("UPDATE app.counters SET value = value + 1 WHERE name = 'a'")
                                    .update();
                        })
                        .mutation(
                                "rows:take",
                                (context, args) -> context.tx()
                                        .sql("SELECT value FROM app.counters WHERE name = 'a' FOR UPDATE NOWAIT")
                                        .query(Integer.class)
                                        .single())
                        .mutation("rows:dawdle", (context, args) -> {
                            if (runs.incrementAndGet() <= dawdles) {
                                giveUp(context.tx());
                            }
                            return context.tx()
                                    .sql("UPDATE app.counters SET value = value + 1 WHERE name = 'a'")
                                    .update();
                        })
                        .build());
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 1)");
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** Says nothing until the server has ended the connection. */
    private void giveUp(Tx tx) {
        int pid = tx.sql("SELECT pg_backend_pid(), set_config('idle_in_transaction_session_timeout', '1ms', true)")
                .query((row, number) -> row.getInt(1))
                .single();
        Database other = new Database(postgres.dataSource());
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (other.<Boolean>read(
                look -> look.sql(LIVES).param("pid", pid).query(Boolean.class).single())) {
            assertThat(System.nanoTime() - end).as("the server gives it up").isNegative();
        }
    }

    @Test
    void aMutationThatTheServerGaveUpOnceIsCarriedOutAfterAll() {
        dawdles = 1;
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        page.mutate(0, "rows:dawdle", "{}").awaitResolved(0);
        assertThat(page.responses.get(0L).get("success").booleanValue()).isTrue();
        assertThat(runs).hasValue(2);
        assertThat(house.value()).isEqualTo(2);
    }

    @Test
    void aMutationThatDawdlesBetweenItsStatementsEachTimeIsToldSo() {
        dawdles = Integer.MAX_VALUE;
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        page.mutate(0, "rows:dawdle", "{}").awaitResolved(0);
        JsonNode reply = page.responses.get(0L);
        assertThat(reply.get("success").booleanValue()).isFalse();
        assertThat(reply.get("errorData").get("code").stringValue()).isEqualTo("MUTATION_TIMED_OUT");
        assertThat(runs).hasValue(2);
        assertThat(house.value()).isOne();
    }

    private Connection holder() throws SQLException {
        Connection connection = postgres.dataSource().getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE app.counters SET owner = 'held' WHERE name = 'a'");
        }
        return connection;
    }

    @Test
    void aMutationThatWaitsTooLongForARowIsToldWithACodeAndMayBeCalledAgain() throws Exception {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        try (Connection holder = holder()) {
            page.mutate(0, "rows:raise", "{}").awaitResolved(0);
            JsonNode reply = page.responses.get(0L);
            assertThat(reply.get("success").booleanValue()).isFalse();
            assertThat(reply.get("result").stringValue()).contains("Nothing was changed. Try again.");
            assertThat(reply.get("errorData").get("code").stringValue()).isEqualTo("MUTATION_TIMED_OUT");
            assertThat(reply.get("errorData").get("limitMs").doubleValue()).isEqualTo(LIMIT.toMillis());
            assertThat(runs).hasValue(1);
            assertThat(page.closeCode).isZero();
            holder.rollback();
        }
        page.mutate(1, "rows:raise", "{}").awaitResolved(1);
        assertThat(page.responses.get(1L).get("success").booleanValue()).isTrue();
        assertThat(house.value()).isEqualTo(2);
    }

    @Test
    void aLockThatIsNotWaitedForIsTheSameAndTheJavaClientHasATypeForIt() throws Exception {
        SyncServer.toOneClient(house, client -> {
            try (Connection holder = holder()) {
                assertThatThrownBy(() -> client.mutate("rows:take", Map.of())
                                .thenApply(result -> result)
                                .get(30, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(LiveMutationTimedOut.class);
                holder.rollback();
            }
            assertThat(client.mutate("rows:take", Map.of())
                            .thenApply(result -> result)
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(1.0);
        });
    }
}
