package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DurableReaderTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private Database database;

    @BeforeEach
    void makeTableOfEffects() {
        database = new Database(postgres.dataSource());
        database.write(tx -> tx.sql("CREATE TABLE effects (n int GENERATED ALWAYS AS IDENTITY, id int)")
                .update());
    }

    @Test
    void aReaderThatStartsAtTheOldestGetsWhatTheLogStillHolds() {
        Things.insert(database, 1);
        DurableReader reader = reader("oldest", DurableReader.Start.OLDEST, 100);
        assertThat(reader.runOnce()).isEqualTo(DurableReader.Run.CAUGHT_UP);
        assertThat(reader.runOnce()).isEqualTo(DurableReader.Run.IDLE);
        assertThat(effects()).containsExactly(1);
    }

    @Test
    void aReaderThatStartsNowGetsOnlyWhatComes() {
        Things.insert(database, 1);
        DurableReader reader = reader("now", DurableReader.Start.NOW, 100);
        reader.runUntilIdle();
        Things.insert(database, 2);
        reader.runUntilIdle();
        assertThat(effects()).containsExactly(2);
    }

    @Test
    void effectsAndPositionAreLostAndKeptTogether() {
        boolean[] crash = {true};
        var reader = new DurableReader(database, "crash", DurableReader.Start.OLDEST, (tx, changes) -> {
            write(tx, changes);
            if (crash[0]) {
                throw new IllegalStateException("killed after the writes");
            }
        });
        Things.insert(database, 1);
        assertThatThrownBy(reader::runOnce).hasMessage("killed after the writes");
        assertThat(effects()).isEmpty();
        crash[0] = false;
        reader.runUntilIdle();
        new DurableReader(database, "crash", DurableReader.Start.OLDEST, DurableReaderTest::write).runUntilIdle();
        assertThat(effects()).containsExactly(1);
    }

    @Test
    void twoNodesRacingShareTheWorkWithoutDoingAnythingTwice() throws Exception {
        int rows = 400;
        CountDownLatch written = new CountDownLatch(1);
        try (var pool = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> nodes = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                nodes.add(pool.submit(() -> {
                    DurableReader reader = reader("race", DurableReader.Start.OLDEST, 7);
                    int runs = 0;
                    while (written.getCount() > 0 || reader.runOnce() != DurableReader.Run.IDLE) {
                        reader.runOnce();
                        runs++;
                    }
                    return runs;
                }));
            }
            for (int id = 0; id < rows; id++) {
                Things.insert(database, id);
            }
            written.countDown();
            for (Future<Integer> node : nodes) {
                assertThat(node.get()).isPositive();
            }
        }
        assertThat(effects()).hasSize(rows).doesNotHaveDuplicates();
    }

    @Test
    void whileOneNodeWorksTheOtherGivesWay() {
        DurableReader other = reader("busy", DurableReader.Start.OLDEST, 100);
        List<DurableReader.Run> seen = new ArrayList<>();
        var reader = new DurableReader(
                database, "busy", DurableReader.Start.OLDEST, (tx, changes) -> seen.add(other.runOnce()));
        Things.insert(database, 1);
        reader.runUntilIdle();
        assertThat(seen).containsExactly(DurableReader.Run.BUSY);
    }

    @Test
    void aLongBacklogIsTakenInBatchesOfWholeTransactions() {
        for (int id = 0; id < 20; id += 2) {
            int first = id;
            database.write(tx -> tx.sql("INSERT INTO things (id) VALUES (:a), (:b)")
                    .param("a", first)
                    .param("b", first + 1)
                    .update());
        }
        List<Integer> batches = new ArrayList<>();
        var reader = new DurableReader(
                database,
                "batches",
                DurableReader.Start.OLDEST,
                (tx, changes) -> {
                    batches.add(changes.size());
                    write(tx, changes);
                },
                3);
        assertThat(reader.runOnce()).isEqualTo(DurableReader.Run.MORE);
        Things.insert(database, 100);
        reader.runUntilIdle();
        assertThat(effects()).hasSize(21).isSorted().doesNotHaveDuplicates();
        assertThat(batches).allSatisfy(size -> assertThat(size).isBetween(1, 4));
    }

    @Test
    void theChangesOfOneRowComeInTheirOrderEvenWhenAnOldTransactionWroteLast() {
        Things.insert(database, 1);
        database.write(old -> {
            // The older transaction id writes the row after the younger one has.
            old.sql("INSERT INTO things (id) VALUES (2)").update();
            database.write(young ->
                    young.sql("UPDATE things SET owner = 'young' WHERE id = 1").update());
            return old.sql("UPDATE things SET owner = 'old' WHERE id = 1").update();
        });
        List<String> owners = new ArrayList<>();
        var reader = new DurableReader(
                database,
                "order",
                DurableReader.Start.OLDEST,
                (tx, changes) -> changes.stream()
                        .filter(change -> Things.id(change) == 1)
                        .forEach(change ->
                                owners.add(change.newKey().get("owner").asString())),
                1);
        reader.runUntilIdle();
        assertThat(owners).containsExactly("ada", "young", "old");
    }

    @Test
    void aPositionAheadOfARestoredServerDoesNotBlockForEver() {
        DurableReader reader = reader("restored", DurableReader.Start.NOW, 100);
        reader.runUntilIdle();
        database.write(tx -> tx.sql("UPDATE lockstep.feed_reader SET position = '900000000:900000000:'")
                .update());
        reader.runUntilIdle();
        Things.insert(database, 1);
        reader.runUntilIdle();
        assertThat(effects()).containsExactly(1);
    }

    @Test
    void anIdleReaderSeesWithoutWritingThatThereIsNothingToDo() {
        DurableReader reader = reader("idle", DurableReader.Start.OLDEST, 100);
        assertThat(reader.hasWork()).as("never run").isFalse();
        Things.insert(database, 1);
        assertThat(reader.hasWork()).isTrue();
        reader.runUntilIdle();
        String before = stands();
        assertThat(reader.hasWork()).isFalse();
        assertThat(stands()).isEqualTo(before);

        database.write(open -> {
            int rows = open.sql("INSERT INTO things (id) VALUES (2)").update();
            assertThat(reader.hasWork()).as("not committed").isFalse();
            return rows;
        });
        assertThat(reader.hasWork()).isTrue();
        reader.runUntilIdle();

        database.write(tx -> tx.sql("UPDATE lockstep.feed_reader SET updated_at = updated_at - interval '2 minutes'")
                .update());
        assertThat(reader.hasWork())
                .as("the log could not be pruned behind a position that never moves")
                .isTrue();
        reader.runOnce();
        assertThat(reader.hasWork()).isFalse();
        database.write(tx -> tx.sql("UPDATE lockstep.feed_reader SET position = '900000000:900000000:'")
                .update());
        assertThat(reader.hasWork()).as("a restored server").isTrue();
    }

    /** Where the row is and who has locked or written it. */
    private String stands() {
        return database.read(tx -> tx.sql("SELECT ctid::text || ' ' || xmin || ' ' || xmax FROM lockstep.feed_reader")
                .query(String.class)
                .single());
    }

    @Test
    void aStartedReaderRunsByItselfAndEndsWhenClosed() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        try (var reader =
                new DurableReader(database, "thread", DurableReader.Start.OLDEST, (tx, changes) -> told.countDown())) {
            reader.start();
            Things.insert(database, 1);
            assertThat(told.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
    }

    private DurableReader reader(String name, DurableReader.Start start, int most) {
        return new DurableReader(database, name, start, DurableReaderTest::write, most);
    }

    private static void write(Tx tx, List<Change> changes) {
        for (Change change : changes) {
            tx.sql("INSERT INTO effects (id) VALUES (:id)")
                    .param("id", Things.id(change))
                    .update();
        }
    }

    private List<Integer> effects() {
        return database.read(tx ->
                tx.sql("SELECT id FROM effects ORDER BY n").query(Integer.class).list());
    }
}
