package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.util.UUID;
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
