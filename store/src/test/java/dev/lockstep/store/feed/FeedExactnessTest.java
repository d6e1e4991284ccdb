package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The scenario in which a reader that goes by ids loses rows: many short writers that commit out of order, some of them
 * rolled back, beside an older writer that is always open.
 */
final class FeedExactnessTest {
    private static final int WRITERS = 8;
    private static final int TRANSACTIONS_EACH = 150;
    private static final long SEED = 20_261_121;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final Set<Integer> committed = new ConcurrentSkipListSet<>();
    private Database database;

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
    }

    @Test
    void nothingIsLostOrToldTwiceAndTheClockNeverGoesBack() throws Exception {
        Recorder here = new Recorder();
        Recorder there = new Recorder();
        List<Integer> durable = new ArrayList<>();
        try (FeedReader one = node(here);
                FeedReader two = node(there);
                DurableReader reader = reader(durable)) {
            here.await("a first tick", () -> !here.times.isEmpty());
            there.await("a first tick", () -> !there.times.isEmpty());
            one.addListener(reader);
            two.addListener(reader);
            reader.start();
            writeFromAllSides(one);
            for (Recorder node : List.of(here, there)) {
                node.await("all that was committed", () -> node.changes.size() >= committed.size());
                assertThat(node.ids()).as("seed %d", SEED).doesNotHaveDuplicates();
                assertThat(new TreeSet<>(node.ids())).as("seed %d", SEED).isEqualTo(committed);
                assertThat(node.times).isSorted();
            }
        }
        reader(durable).runUntilIdle();
        assertThat(durable).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(durable)).isEqualTo(committed);
    }

    private DurableReader reader(List<Integer> told) {
        return new DurableReader(
                database,
                "exact",
                DurableReader.Start.OLDEST,
                (tx, changes) -> changes.forEach(change -> told.add(Things.id(change))),
                50);
    }

    private FeedReader node(Recorder recorder) {
        var feed = new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults());
        feed.addListener(recorder);
        feed.start();
        return feed;
    }

    private void writeFromAllSides(Doorbell doorbell) throws Exception {
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            CountDownLatch done = new CountDownLatch(WRITERS);
            Future<Boolean> old = pool.submit(() -> stayOpen(done));
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(pool.submit(writer(writer, doorbell, done)));
            }
            for (Future<Boolean> writer : writers) {
                assertThat(writer.get()).isTrue();
            }
            assertThat(old.get()).isTrue();
        }
    }

    private Callable<Boolean> writer(int writer, Doorbell doorbell, CountDownLatch done) {
        return () -> {
            Random random = new Random(SEED + writer);
            try {
                for (int i = 0; i < TRANSACTIONS_EACH; i++) {
                    transaction(writer * 1_000_000 + i * 10, random);
                    doorbell.ring();
                }
            } finally {
                done.countDown();
            }
            return true;
        };
    }

    private void transaction(int firstId, Random random) {
        int rows = 1 + random.nextInt(3);
        boolean rollBack = random.nextInt(8) == 0;
        double seconds = random.nextInt(4) / 1000.0;
        try {
            database.write(tx -> {
                for (int row = 0; row < rows; row++) {
                    tx.sql("INSERT INTO things (id) VALUES (:id)")
                            .param("id", firstId + row)
                            .update();
                    tx.sql("SELECT 1 FROM pg_sleep(:seconds)")
                            .param("seconds", seconds)
                            .query(Integer.class)
                            .single();
                }
                if (rollBack) {
                    throw new IllegalStateException("rolled back on purpose");
                }
                return rows;
            });
            for (int row = 0; row < rows; row++) {
                committed.add(firstId + row);
            }
        } catch (IllegalStateException onPurpose) {
            assertThat(onPurpose).hasMessage("rolled back on purpose");
        }
    }

    /** Always one writing transaction that is older than all the short ones that commit around it. */
    private boolean stayOpen(CountDownLatch done) {
        for (int round = 0; done.getCount() > 0; round++) {
            int id = 90_000_000 + round;
            database.write(tx -> {
                int rows = tx.sql("INSERT INTO things (id) VALUES (:id)")
                        .param("id", id)
                        .update();
                tx.sql("SELECT 1 FROM pg_sleep(0.2)").query(Integer.class).single();
                return rows;
            });
            committed.add(id);
        }
        return true;
    }
}
