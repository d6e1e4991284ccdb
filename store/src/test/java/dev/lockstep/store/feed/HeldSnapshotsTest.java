package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.HeldSnapshots.Hold;
import dev.lockstep.store.feed.MomentReader.At;
import dev.lockstep.testing.CutWire;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessResourceFailureException;

final class HeldSnapshotsTest {
    private static final Duration HOLD = Duration.ofSeconds(30);

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private Database database;
    private HeldSnapshots held;
    private MomentReader moments;

    @BeforeEach
    void open() {
        database = new Database(postgres.dataSource());
        held = holding(2);
        moments = new MomentReader(new Database(postgres.dataSource()));
    }

    @AfterEach
    void close() {
        held.close();
    }

    private HeldSnapshots holding(int most) {
        return new HeldSnapshots(postgres.dataSource(), new HeldSnapshots.Settings(most, HOLD), clock);
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(30));
    }

    private Ts take() {
        return held.take() instanceof Hold.Opened(Ts ts) ? ts : fail();
    }

    private static Ts fail() {
        throw new AssertionError("No moment was given.");
    }

    /** How many things there are at a moment, if it is still there. */
    private OptionalInt things(Ts ts) {
        return switch (moments.at(ts)) {
            case At.Open(var read) -> {
                try (read) {
                    yield OptionalInt.of(read.tx()
                            .sql("SELECT count(*)::int FROM things")
                            .query(Integer.class)
                            .single());
                }
            }
            case At.Gone() -> OptionalInt.empty();
            case At.NotYet() -> throw new AssertionError("The moment has not come.");
        };
    }

    @Test
    void aMomentDoesNotSeeWhatIsCommittedLaterAndTheNextOneDoes() {
        Things.insert(database, 1);
        Ts before = take();
        Things.insert(database, 2);
        Ts after = take();
        assertThat(after).isGreaterThan(before);
        assertThat(things(before)).hasValue(1);
        assertThat(things(after)).hasValue(2);
        assertThat(things(before)).hasValue(1);
    }

    @Test
    void callersShareOneWhileNothingIsCommitted() {
        // The server's own tidying commits at times, so once in many tries is enough.
        assertThat(IntStream.range(0, 50).anyMatch(attempt -> {
                    try (HeldSnapshots fresh = holding(2)) {
                        return fresh.take().equals(fresh.take()) && fresh.open() == 1;
                    }
                }))
                .isTrue();
    }

    @Test
    void anOldOneIsSharedWhenThereIsNoRoomForAnother() {
        assertThat(IntStream.range(0, 50).anyMatch(attempt -> {
                    try (HeldSnapshots fresh = holding(1)) {
                        Hold first = fresh.take();
                        clock.advance(HOLD.minusSeconds(1));
                        return fresh.take().equals(first);
                    }
                }))
                .isTrue();
    }

    @Test
    void anOlderTransactionThatEndsLaterIsInTheNextMoment() throws SQLException {
        try (Connection older = postgres.dataSource().getConnection();
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("INSERT INTO things (id) VALUES (1)");
            Things.insert(database, 2);
            Ts before = take();
            older.commit();
            older.setAutoCommit(true);
            assertThat(things(take())).hasValue(2);
            assertThat(things(before)).hasValue(1);
        }
    }

    @Test
    void whenAsManyAreHeldAsMayBeTheNextCallerIsToldWhenOneEnds() {
        take();
        clock.advance(Duration.ofSeconds(10));
        Things.insert(database, 1);
        take();
        clock.advance(Duration.ofSeconds(5));
        Things.insert(database, 2);
        assertThat(held.take()).isEqualTo(new Hold.Full(2, Duration.ofSeconds(15)));
        assertThat(held.refused()).isOne();
        clock.advance(Duration.ofSeconds(15));
        assertThat(things(take())).hasValue(2);
        assertThat(held.open()).isEqualTo(2);
    }

    @Test
    void aNodeThatHoldsNoneSaysSo() {
        try (HeldSnapshots none = holding(0)) {
            assertThat(none.take()).isEqualTo(new Hold.NotOffered());
        }
    }

    @Test
    void aMomentEndsWithItsTimeAndIsNeverANewerOne() {
        Ts moment = take();
        clock.advance(HOLD.minusMillis(1));
        held.tend();
        assertThat(things(moment)).hasValue(0);
        clock.advance(Duration.ofMillis(1));
        held.tend();
        assertThat(held.open()).isZero();
        Things.insert(database, 1);
        Ts next = take();
        assertThat(things(moment)).isEmpty();
        assertThat(things(next)).hasValue(1);
    }

    @Test
    void itsThreadEndsThem() {
        held.start();
        Ts moment = take();
        clock.advance(HOLD);
        soon().until(() -> held.open() == 0);
        assertThat(things(moment)).isEmpty();
    }

    @Test
    void aMachineWhoseClockIsSetBackHoldsNothingForLonger() {
        take();
        clock.advance(Duration.ofHours(-1));
        held.tend();
        assertThat(held.open()).isZero();
    }

    @Test
    void aNodeThatStopsTakesItsMomentsAlong() {
        Ts moment = take();
        held.close();
        assertThat(things(moment)).isEmpty();
        assertThat(held.take()).isEqualTo(new Hold.NotNow());
    }

    @Test
    void aMomentWhoseConnectionIsKilledIsGoneAndNobodyIsGivenItAgain() {
        Ts moment = take();
        database.write(tx -> tx.sql("""
                        SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity
                        WHERE datname = current_database() AND state = 'idle in transaction'
                        """).query(Boolean.class).list());
        assertThat(things(moment)).isEmpty();
        assertThat(things(take())).hasValue(0);
        assertThat(held.open()).isOne();
    }

    @Test
    void aNodeThatIsCutOffLetsGoAndSoDoesTheServer() throws IOException {
        URI address = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        try (CutWire wire = new CutWire(address.getHost(), address.getPort());
                HikariDataSource pool = through(wire, address);
                HeldSnapshots far = new HeldSnapshots(pool, new HeldSnapshots.Settings(1, HOLD), clock)) {
            far.start();
            Ts moment = far.take() instanceof Hold.Opened(Ts ts) ? ts : fail();
            assertThat(things(moment)).hasValue(0);
            wire.swallow();
            soon().until(() -> far.open() == 0);
            soon().until(() -> things(moment).isEmpty());
        }
    }

    private HikariDataSource through(CutWire wire, URI address) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + wire.port() + address.getPath());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        pool.setMinimumIdle(0);
        return pool;
    }

    @Test
    void aTimeThatWasNeverGivenOutIsNoMoment() {
        Ts moment = take();
        assertThat(things(new Ts(0))).isEmpty();
        assertThat(things(new Ts(moment.value() - 1))).isEmpty();
        assertThat(moments.at(new Ts(Long.MAX_VALUE))).isEqualTo(new At.NotYet());
        assertThat(moments.at(new Ts(moment.value() + 1_000_000))).isEqualTo(new At.NotYet());
    }

    @Test
    void aNameThatLeadsToAnotherSnapshotIsNotFollowed() {
        Ts before = take();
        Things.insert(database, 1);
        Ts after = take();
        database.write(tx -> tx.sql("""
                        UPDATE lockstep.held_snapshot b SET name = a.name FROM lockstep.held_snapshot a
                        WHERE b.ts = :before AND a.ts = :after
                        """)
                .param("before", before.value())
                .param("after", after.value())
                .update());
        assertThat(things(before)).isEmpty();
        assertThat(things(after)).hasValue(1);
    }

    @Test
    void aRestartOfTheServerEndsThemAndTheNextOneIsOfTheNewEpoch() {
        Ts before = take();
        postgres.stop();
        postgres.bringBack();
        soon().ignoreException(DataAccessResourceFailureException.class)
                .until(() -> things(before).isEmpty());
        held.tend();
        assertThat(held.open()).isZero();
        assertThat(take().value()).isGreaterThan(before.value());
    }

    @Test
    void whoeverAsksOnWhicheverNodeSeesWhatItWroteAndOneMomentIsOneState() throws Exception {
        AtomicInteger ids = new AtomicInteger();
        Map<Ts, List<Integer>> states = new ConcurrentHashMap<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 5; round++) {
                try (HeldSnapshots one = holding(3);
                        HeldSnapshots two = holding(3)) {
                    List<Callable<Boolean>> work = IntStream.range(0, 8)
                            .mapToObj(caller -> caller % 2 == 0 ? one : two)
                            .<Callable<Boolean>>map(node -> () -> readOwnWrite(node, ids, states))
                            .toList();
                    for (Future<Boolean> each : callers.invokeAll(work)) {
                        assertThat(each.get()).isTrue();
                    }
                }
            }
        }
        assertThat(states).hasSizeGreaterThanOrEqualTo(5);
    }

    private boolean readOwnWrite(HeldSnapshots node, AtomicInteger ids, Map<Ts, List<Integer>> states) {
        for (int write = 0; write < 3; write++) {
            int id = ids.incrementAndGet();
            Things.insert(database, id);
            if (node.take() instanceof Hold.Opened(Ts ts)) {
                List<Integer> state = ids(ts);
                List<Integer> before = states.putIfAbsent(ts, state);
                assertThat(state).contains(id);
                assertThat(before == null || before.equals(state)).isTrue();
            }
        }
        return true;
    }

    private List<Integer> ids(Ts ts) {
        if (moments.at(ts) instanceof At.Open(var read)) {
            try (read) {
                return read.tx()
                        .sql("SELECT id FROM things ORDER BY id")
                        .query(Integer.class)
                        .list();
            }
        }
        throw new AssertionError("The moment has gone.");
    }
}
