package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.StoreException;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

final class FeedRestartTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final Recorder recorder = new Recorder();
    private Database database;
    private FeedClock clock;

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
        clock = new FeedClock(database);
    }

    @Test
    void afterACrashTheListenersStartFreshAndTheClockDoesNotGoBack() throws InterruptedException {
        List<Integer> durable = new ArrayList<>();
        try (FeedReader feed = new FeedReader(
                        postgres.dataSource(),
                        UUID.randomUUID(),
                        new FeedSettings(Duration.ofMillis(5), Duration.ZERO, Duration.ofSeconds(5)));
                DurableReader reader = new DurableReader(
                        database,
                        "restart",
                        DurableReader.Start.NOW,
                        (tx, changes) -> changes.forEach(change -> durable.add(Things.id(change))))) {
            feed.addListener(recorder);
            feed.start();
            reader.runOnce();
            recorder.await("a first tick", () -> !recorder.times.isEmpty());
            Things.insert(database, 1);
            recorder.await("the first row", () -> recorder.ids().contains(1));
            Reading before = clock.read();

            postgres.crash();
            recorder.await("the loss", () -> recorder.lost.get() == 1);
            postgres.bringBack();
            recorder.await("the fresh start", () -> recorder.gaps.get() == 1);
            insertWhenUp(2);
            recorder.await("the second row", () -> recorder.ids().contains(2));

            Reading after = readWhenUp();
            assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
            assertThat(after.ts()).isGreaterThan(before.ts());
            assertThat(recorder.times).isSorted();
            assertThat(recorder.lost).hasValue(1);
            reader.runUntilIdle();
            assertThat(durable).containsExactly(1, 2);
        }
    }

    @Test
    void theEpochGrowsOnceHoweverManyNodesNoticeTheNewServer() {
        int epoch = clock.read().epoch();
        database.write(
                tx -> tx.sql("UPDATE lockstep.clock SET server_started_at = server_started_at - interval '1 day'")
                        .update());
        assertThat(clock.read().epoch()).isEqualTo(epoch + 1);
        clock.noticeServer();
        assertThat(new FeedClock(database).read().epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void aRestoredOldEpochIsPassedByTheCalendar() {
        int epoch = clock.read().epoch();
        database.write(tx -> tx.sql("UPDATE lockstep.clock SET epoch = 1, server_started_at = 'epoch'")
                .update());
        int restored = clock.read().epoch();
        int days = database.read(tx -> tx.sql("SELECT (now() AT TIME ZONE 'UTC')::date - DATE '2026-01-01' + 1")
                .query(Integer.class)
                .single());
        assertThat(restored).isEqualTo(days).isGreaterThan(1);
        assertThat(epoch).isGreaterThanOrEqualTo(days - 1);
    }

    @Test
    void aClockBehindWhatANodeHasSeenGrowsBeyondIt() throws InterruptedException {
        try (FeedReader feed = new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults())) {
            feed.addListener(recorder);
            feed.start();
            recorder.await("a first tick", () -> !recorder.times.isEmpty());
            database.write(
                    tx -> tx.sql("UPDATE lockstep.clock SET epoch = epoch - 1").update());
            recorder.await("the fresh start", () -> recorder.gaps.get() >= 1);
            assertThat(recorder.times).isSorted();
        }
    }

    private void insertWhenUp(int id) {
        while (true) {
            try {
                Things.insert(database, id);
                return;
            } catch (DataAccessException stillADeadConnectionInThePool) {
                assertThat(stillADeadConnectionInThePool.getMessage()).doesNotContain("duplicate key");
            }
        }
    }

    private Reading readWhenUp() {
        while (true) {
            try {
                return clock.read();
            } catch (DataAccessException stillADeadConnectionInThePool) {
                assertThat(stillADeadConnectionInThePool).isNotInstanceOf(StoreException.class);
            }
        }
    }
}
