package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Isolation;
import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FeedReaderTest {
    private static final FeedSettings POLLING = FeedSettings.defaults();
    /** Without a wake-up nothing would be seen within the time a test waits. */
    private static final FeedSettings HARDLY_POLLING =
            new FeedSettings(Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1));

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final Recorder recorder = new Recorder();
    private Database database;
    private FeedReader feed;
    private FeedReader other;

    @BeforeEach
    void makeNodes() {
        database = new Database(postgres.dataSource());
    }

    @AfterEach
    void stopNodes() {
        feed.close();
        if (other != null) {
            other.close();
        }
    }

    private FeedReader node(FeedSettings settings) {
        return new FeedReader(postgres.dataSource(), UUID.randomUUID(), settings);
    }

    private void startWithRecorder(FeedSettings settings) throws InterruptedException {
        feed = node(settings);
        feed.addListener(recorder);
        feed.start();
        recorder.await("a first tick", () -> !recorder.times.isEmpty());
    }

    @Test
    void theFirstTickTellsNoOldChanges() throws InterruptedException {
        Things.insert(database, 1);
        startWithRecorder(POLLING);
        Things.insert(database, 2);
        recorder.await("the second row", () -> recorder.ids().contains(2));
        assertThat(recorder.ids()).containsExactly(2);
        assertThat(recorder.gaps).hasValue(0);
    }

    @Test
    void aWriterOutsideOurPoolIsSeenByPolling() throws Exception {
        startWithRecorder(POLLING);
        try (Connection psql =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                var statement = psql.createStatement()) {
            statement.execute("INSERT INTO things VALUES (7, 'by hand')");
        }
        recorder.await("the row written by hand", () -> recorder.ids().contains(7));
        assertThat(recorder.ids()).containsExactly(7);
    }

    @Test
    void aRingAsksForATickEvenWhenNothingChanged() throws InterruptedException {
        startWithRecorder(HARDLY_POLLING);
        int before = recorder.times.size();
        feed.ring();
        recorder.await("one more tick", () -> recorder.times.size() > before);
    }

    @Test
    void aRingWakesTheOtherNodes() throws Exception {
        startWithRecorder(HARDLY_POLLING);
        other = node(HARDLY_POLLING);
        other.start();
        awaitListeners(2);
        Things.insert(database, 3);
        other.ring();
        recorder.await("the row on this node", () -> recorder.ids().contains(3));
    }

    @Test
    void aListenerThatThrowsStopsNobodyAndStartsFresh() throws InterruptedException {
        AtomicInteger thrown = new AtomicInteger();
        AtomicInteger gaps = new AtomicInteger();
        feed = node(POLLING);
        feed.addListener(new FeedListener() {
            @Override
            public void onTick(Tick tick) {
                if (tick.changes().stream().anyMatch(change -> Things.id(change) == 1)) {
                    thrown.incrementAndGet();
                    tick.tx()
                            .sql("SELECT * FROM no_such_table")
                            .query(String.class)
                            .list();
                }
            }

            @Override
            public void onGap() {
                gaps.incrementAndGet();
            }
        });
        feed.addListener(recorder);
        feed.start();
        recorder.await("a first tick", () -> !recorder.times.isEmpty());
        Things.insert(database, 1);
        recorder.await(
                "the row that the other listener cannot bear",
                () -> recorder.ids().contains(1));
        Things.insert(database, 2);
        recorder.await("the next row", () -> recorder.ids().contains(2));
        assertThat(thrown).hasValue(1);
        assertThat(gaps).hasValue(1);
        assertThat(recorder.ids()).containsExactly(1, 2);
        assertThat(recorder.gaps).hasValue(0);
    }

    @Test
    void listenersThatAlwaysBreakTheTransactionStopNobody() throws InterruptedException {
        FeedListener breaks = tick ->
                tick.tx().sql("SELECT * FROM no_such_table").query(String.class).list();
        feed = node(POLLING);
        feed.addListener(breaks);
        feed.addListener(recorder);
        feed.addListener(breaks);
        feed.start();
        recorder.await("a first tick", () -> !recorder.times.isEmpty());
        for (int id = 0; id < 10; id++) {
            int row = id;
            Things.insert(database, id);
            recorder.await("the row", () -> recorder.ids().contains(row));
        }
        assertThat(recorder.ids()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(recorder.lost).hasValue(0);
        assertThat(recorder.gaps).hasValue(0);
    }

    @Test
    void veryManyChangesAtOnceAreAFreshStart() {
        feed = node(POLLING);
        NodeRegister node = new NodeRegister(database, UUID.randomUUID());
        Ticker ticker = new Ticker(database, node, 10);
        ticker.add(recorder);
        ticker.tick();
        database.write(tx ->
                tx.sql("INSERT INTO things (id) SELECT generate_series(1, 11)").update());
        assertThat(ticker.tickIfMoved()).isTrue();
        assertThat(recorder.changes).isEmpty();
        assertThat(recorder.gaps).hasValue(1);
        database.write(tx ->
                tx.sql("INSERT INTO things (id) SELECT generate_series(21, 30)").update());
        assertThat(ticker.tickIfMoved()).isTrue();
        assertThat(recorder.changes).hasSize(10);
        assertThat(recorder.gaps).hasValue(1);
        assertThat(ticker.tickIfMoved()).isFalse();
    }

    @Test
    void otherConnectionsReadAtTheTicksSnapshot() throws InterruptedException {
        AtomicInteger mismatches = new AtomicInteger();
        AtomicInteger compared = new AtomicInteger();
        feed = node(POLLING);
        feed.addListener(tick -> {
            String name = tick.exportedSnapshot();
            Things.insert(database, 1_000 + compared.incrementAndGet());
            int there = database.readAt(
                    name,
                    tx -> tx.sql("SELECT count(*) FROM things")
                            .query(Integer.class)
                            .single());
            int here = tick.tx()
                    .sql("SELECT count(*) FROM things")
                    .query(Integer.class)
                    .single();
            if (here != there || !name.equals(tick.exportedSnapshot())) {
                mismatches.incrementAndGet();
            }
        });
        feed.addListener(recorder);
        feed.start();
        recorder.await("five ticks", () -> recorder.times.size() >= 5);
        assertThat(compared.get()).isGreaterThanOrEqualTo(5);
        assertThat(mismatches).hasValue(0);
    }

    /** A tick of the same time may have been taken just before the commit; only its snapshot can tell. */
    @Test
    void everyTickLaterThanACommitContainsIt() throws InterruptedException {
        startWithRecorder(POLLING);
        FeedClock clock = new FeedClock(database);
        for (int i = 0; i < 50; i++) {
            int id = i;
            Committed<Integer> committed = clock.committed(
                    Isolation.SERIALIZABLE,
                    tx -> tx.sql("INSERT INTO things (id) VALUES (:id)")
                            .param("id", id)
                            .update());
            long xid = committed.xid().orElseThrow();
            assertThat(committed.after().snapshot().sees(xid)).isTrue();
            feed.ring();
            recorder.await(
                    "a tick with the commit",
                    () -> recorder.snapshots.stream().anyMatch(snapshot -> snapshot.sees(xid)));
            for (int tick = 0; tick < recorder.times.size(); tick++) {
                if (committed.after().ts().isBefore(recorder.times.get(tick))) {
                    assertThat(recorder.snapshots.get(tick).sees(xid)).isTrue();
                }
            }
        }
        assertThat(recorder.times).isSorted();
        assertThat(clock.committed(Isolation.SNAPSHOT_READ_ONLY, tx -> 1).xid()).isEmpty();
    }

    @Test
    void aNodeForWhichTheLogWasNotKeptStartsFresh() throws InterruptedException {
        startWithRecorder(POLLING);
        database.write(tx -> tx.sql("DELETE FROM lockstep.node").update());
        recorder.await("the gap", () -> recorder.gaps.get() == 1);
        Things.insert(database, 5);
        recorder.await("the row after the gap", () -> recorder.ids().contains(5));
        assertThat(recorder.gaps).hasValue(1);
    }

    @Test
    void aNodeThatEndsLeavesTheRegister() throws InterruptedException {
        startWithRecorder(POLLING);
        feed.close();
        assertThat(database.<Integer>read(tx -> tx.sql("SELECT count(*) FROM lockstep.node")
                        .query(Integer.class)
                        .single()))
                .isZero();
    }

    @Test
    void aNodeThatEndsGivesItsListeningConnectionBackInsteadOfBreakingIt() throws Exception {
        startWithRecorder(HARDLY_POLLING);
        awaitListeners(1);
        int backend = database.read(tx -> tx.sql(
                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
                .query(Integer.class)
                .single());
        feed.close();
        assertThat(database.<Boolean>read(tx -> tx.sql("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = :pid)")
                        .param("pid", backend)
                        .query(Boolean.class)
                        .single()))
                .isTrue();
    }

    @Test
    void aNodeSaysWhereItStands() throws InterruptedException {
        startWithRecorder(new FeedSettings(Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(1)));
        Things.insert(database, 1);
        recorder.await("the row", () -> recorder.ids().contains(1));
        long xid = recorder.changes.get(0).xid();
        recorder.await(
                "a heartbeat that has passed the row",
                () -> Snapshot.parse(database.read(tx -> tx.sql("SELECT position::text FROM lockstep.node")
                                .query(String.class)
                                .single()))
                        .sees(xid));
    }

    private void awaitListeners(int count) throws SQLException {
        try (Connection psql =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                var statement = psql.createStatement()) {
            int listening = 0;
            while (listening < count) {
                try (var row = statement.executeQuery("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'
                        """)) {
                    row.next();
                    listening = row.getInt(1);
                }
            }
        }
    }
}
