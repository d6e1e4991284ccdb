package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PrunerTest {
    private static final Pruner.Settings AT_ONCE =
            new Pruner.Settings(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(1));

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private Database database;

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
    }

    @Test
    void theLogIsKeptForTheSlowestDurableReader() {
        DurableReader slow = new DurableReader(database, "slow", DurableReader.Start.OLDEST, (tx, changes) -> {});
        DurableReader fast = new DurableReader(database, "fast", DurableReader.Start.OLDEST, (tx, changes) -> {});
        slow.runUntilIdle();
        Things.insert(database, 1);
        Things.insert(database, 2);
        fast.runUntilIdle();
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isZero();
        slow.runUntilIdle();
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isEqualTo(2);
    }

    @Test
    void youngChangesAreKept() {
        Things.insert(database, 1);
        assertThat(new Pruner(database, Pruner.Settings.defaults()).runOnce()).isZero();
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isOne();
    }

    @Test
    void theLogIsKeptForANodeUntilItHasBeenSilentTooLong() {
        NodeRegister node = new NodeRegister(database, UUID.randomUUID());
        node.enter();
        Things.insert(database, 1);
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isZero();
        database.write(tx -> tx.sql("UPDATE lockstep.node SET seen_at = seen_at - interval '2 minutes'")
                .update());
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isOne();
        assertThat(database.<Boolean>read(node::knows)).isFalse();
    }

    @Test
    void aTransactionThatIsStillOpenKeepsItsChanges() {
        DurableReader reader = new DurableReader(database, "open", DurableReader.Start.OLDEST, (tx, changes) -> {});
        database.write(open -> {
            int rows = open.sql("INSERT INTO things (id) VALUES (1)").update();
            Things.insert(database, 2);
            reader.runUntilIdle();
            assertThat(new Pruner(database, AT_ONCE).runOnce()).isOne();
            return rows;
        });
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isZero();
        assertThat(reader.runOnce()).isEqualTo(DurableReader.Run.CAUGHT_UP);
    }

    @Test
    void aLongLogIsPrunedToItsEndAroundAFewRowsThatAreKept() {
        DurableReader reader = new DurableReader(database, "long", DurableReader.Start.OLDEST, (tx, changes) -> {});
        database.write(open -> {
            int rows = open.sql("INSERT INTO things (id) VALUES (1)").update();
            database.write(tx -> tx.sql("INSERT INTO things (id) SELECT 10 + i FROM generate_series(1, 25000) i")
                    .update());
            reader.runUntilIdle();
            assertThat(new Pruner(database, AT_ONCE).runOnce()).isEqualTo(25_000);
            return rows;
        });
        reader.runUntilIdle();
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isOne();
    }

    @Test
    void aLogThatCannotBePrunedIsNotWalked() {
        database.write(tx -> tx.sql("INSERT INTO things (id) SELECT i FROM generate_series(1, 30000) i")
                .update());
        database.write(tx -> tx.sql("ANALYZE lockstep.change").update());
        List<String> lines = database.write(tx -> tx.sql("EXPLAIN (ANALYZE, COSTS off, TIMING off) " + ChangeLog.PRUNE)
                .param("age", 300.0)
                .param("most", 100)
                .query(String.class)
                .list());
        String plan = lines.stream().collect(Collectors.joining("\n"));
        assertThat(plan)
                .contains("Index Scan using change_pkey")
                .contains("rows=100")
                .doesNotContain("rows=30000");
    }

    @Test
    void twoNodesDoNotPruneAtTheSameTime() {
        Things.insert(database, 1);
        database.write(tx -> {
            tx.sql("SELECT pg_advisory_xact_lock(hashtextextended('lockstep.prune', 0))::text")
                    .query(String.class)
                    .single();
            assertThat(new Pruner(database, AT_ONCE).runOnce()).isZero();
            return true;
        });
        assertThat(new Pruner(database, AT_ONCE).runOnce()).isOne();
    }
}
