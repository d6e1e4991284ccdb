package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testing.CutWire;
import dev.lockstep.testing.PostgresExtension;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveOutageTest {
    private static final String ADD = "{\"name\":\"a\",\"by\":1}";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(postgres.dataSource());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aPageSurvivesACrashOfTheDatabaseAndItsResultsGoOn() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        browser.awaitResult(0, "0");
        postgres.crash();
        postgres.bringBack();
        execute("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        browser.awaitResult(0, "3");
        browser.mutate(0, "counters:add", ADD).awaitResolved(0).awaitResult(0, "4");
    }

    @Test
    void aMutationThatDiesWithTheDatabaseIsCarriedOutOnceWhenThePageAsksAgain() {
        UUID session = UUID.randomUUID();
        FakeBrowser first = FakeBrowser.open(house.engine, session).connect(0).follow(0, "counters:sum", "{}");
        first.awaitResult(0, "0");
        house.beforeCommit = () -> {
            house.beforeCommit = () -> {};
            postgres.crash();
        };
        first.mutate(0, "counters:add", ADD).awaitClosed();
        // Both make the client wait three seconds at first: the database went away under the mutation, or under the
        // node.
        assertThat(first.closeCode).isEqualTo(1013);
        assertThat(first.closeReason).containsAnyOf("CommitterFullError", "SystemTimeoutError");
        assertThat(first.responses).isEmpty();
        postgres.bringBack();

        FakeBrowser second = again(session);
        second.awaitResult(0, "1");
        assertThat(house.mutationRuns.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aMutationThatMeetsAShortOutageSucceedsWithoutTroublingThePage() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        page.awaitResult(0, "0");
        house.beforeCommit = () -> {
            house.beforeCommit = () -> {};
            postgres.crash();
            postgres.bringBack();
        };
        page.mutate(0, "counters:add", ADD).awaitResolved(0).awaitResult(0, "1");
        assertThat(page.closeCode).isZero();
        assertThat(page.history.get(0L)).containsExactly("0", "1");
    }

    @Test
    void aNodeThatHasLostTheDatabaseSendsItsPagesAwayAndTakesNoneUntilItIsBack() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        page.awaitResult(0, "0");
        postgres.crash();
        page.awaitClosed();
        assertThat(page.closeReason).isEqualTo("SystemTimeoutErrorDatabase");
        assertThat(house.engine.isLive()).isFalse();
        assertThat(house.engine.timesSentAway()).isEqualTo(1);
        assertThat(FakeBrowser.open(house.engine).awaitClosed().closeReason).isEqualTo("SystemTimeoutErrorDatabase");
        postgres.bringBack();
        again(UUID.randomUUID()).awaitResult(0, "1");
        assertThat(house.engine.isLive()).isTrue();
    }

    @Test
    void aNodeWhoseWireIsCutSaysSoInSecondsAndIsBackInSecondsWhileTheOtherLivesOn() throws Exception {
        URI address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        FakeBrowser near = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        try (CutWire wire = new CutWire(address.getHost(), address.getPort());
                HikariDataSource pool = pool(wire, address);
                LiveHouse far = new LiveHouse(pool)) {
            FakeBrowser page = FakeBrowser.open(far.engine).connect(0).follow(0, "counters:sum", "{}");
            page.awaitResult(0, "0");
            wire.cut();
            long cut = System.nanoTime();
            house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
            near.awaitResult(0, "3");
            page.awaitClosed();
            assertThat(page.closeReason).isEqualTo("SystemTimeoutErrorDatabase");
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(10));
            assertThat(near.closeCode).isZero();
            wire.mend();
            long mended = System.nanoTime();
            again(far.engine, UUID.randomUUID()).awaitResult(0, "4");
            assertThat(Duration.ofNanos(System.nanoTime() - mended)).isLessThan(Duration.ofSeconds(10));
            near.awaitResult(0, "4");
        }
    }

    @Test
    void aNodeWhoseConnectionsAreSwallowedWithoutAWordIsBackInSecondsToo() throws Exception {
        URI address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        try (CutWire wire = new CutWire(address.getHost(), address.getPort());
                HikariDataSource pool = pool(wire, address);
                LiveHouse far = new LiveHouse(pool)) {
            FakeBrowser page = FakeBrowser.open(far.engine).connect(0).follow(0, "counters:sum", "{}");
            page.awaitResult(0, "0");
            wire.swallow();
            long cut = System.nanoTime();
            page.awaitClosed();
            assertThat(page.closeReason).isEqualTo("SystemTimeoutErrorDatabase");
            assertThat(far.engine.isLive()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(10));
            wire.mend();
            long mended = System.nanoTime();
            again(far.engine, UUID.randomUUID()).awaitResult(0, "1");
            assertThat(Duration.ofNanos(System.nanoTime() - mended)).isLessThan(Duration.ofSeconds(10));
            assertThat(far.engine.isLive()).isTrue();
        }
    }

    private HikariDataSource pool(CutWire wire, URI address) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + wire.port() + address.getPath());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        pool.setConnectionTimeout(3000);
        pool.setValidationTimeout(1000);
        pool.addDataSourceProperty("loginTimeout", "3");
        return pool;
    }

    @Test
    void aPageGoesOnWhenItsMutationWasCarriedOutOverAnotherSocketMeanwhile() {
        UUID session = UUID.randomUUID();
        FakeBrowser page = FakeBrowser.open(house.engine, session).connect(0).follow(0, "counters:sum", "{}");
        page.awaitResult(0, "0");
        try (LiveHouse other = new LiveHouse(postgres.dataSource())) {
            house.beforeCommit = () -> {
                house.beforeCommit = () -> {};
                // The transaction dies unheard, and before it is tried again the same request comes through elsewhere.
                house.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()");
                FakeBrowser.open(other.engine, session)
                        .connect(1)
                        .modify()
                        .mutate(0, "counters:add", ADD)
                        .awaitResolved(0);
            };
            page.mutate(0, "counters:add", ADD).awaitResolved(0).awaitResult(0, "1");
            assertThat(other.mutationRuns).hasValue(1);
            house.sql("INSERT INTO app.counters VALUES ('b', 'x', 2)");
            page.awaitResult(0, "3");
        }
    }

    @Test
    void aMutationWhoseResponseWasLostIsNotCarriedOutAgain() {
        UUID session = UUID.randomUUID();
        FakeBrowser first = FakeBrowser.open(house.engine, session).connect(0).follow(0, "counters:sum", "{}");
        first.awaitResult(0, "0");
        house.beforeCommit = first::vanish;
        first.mutate(0, "counters:add", ADD);
        FakeBrowser witness = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        witness.awaitResult(0, "1");
        assertThat(first.responses).isEmpty();
        house.beforeCommit = () -> {};

        FakeBrowser second = again(session);
        second.awaitResult(0, "1");
        assertThat(second.history.get(0L)).containsExactly("1");
        assertThat(second.frames.getFirst().get("type").asString()).isEqualTo("MutationResponse");
        assertThat(house.mutationRuns).hasValue(1);
    }

    /** The page comes back and repeats its first mutation, as often as it is sent away. */
    private FakeBrowser again(UUID session) {
        return again(house.engine, session);
    }

    private static FakeBrowser again(LiveEngine engine, UUID session) {
        for (int connection = 1; ; connection++) {
            FakeBrowser page = FakeBrowser.open(engine, session)
                    .connect(connection)
                    .follow(0, "counters:sum", "{}")
                    .mutate(0, "counters:add", ADD);
            page.await("an end", b -> b.closeCode != 0 || b.resolved.containsKey(0L));
            if (page.closeCode == 0) {
                return page;
            }
            assertThat(connection).isLessThan(1000);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    private void execute(String sql) {
        for (int attempt = 1; ; attempt++) {
            try {
                house.sql(sql);
                return;
            } catch (AssertionError e) {
                assertThat(attempt).isLessThan(20);
            }
        }
    }
}
