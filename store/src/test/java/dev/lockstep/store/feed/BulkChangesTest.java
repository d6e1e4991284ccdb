package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table watched by statement says the same as one watched by row. */
final class BulkChangesTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final ChangeLog log = new ChangeLog();
    private Database database;
    private Snapshot before;

    @BeforeEach
    void watchInBulk() {
        database = new Database(postgres.dataSource());
        run("CALL lockstep.watch_bulk('things', 'id', 'owner')");
        run("INSERT INTO things (id, owner) SELECT i, 'ada' || i FROM generate_series(1, 500) i");
        before = new FeedClock(database).read().snapshot();
    }

    @Test
    void eachRowOfAnUpdateCarriesItsOwnKeysBeforeAndAfter() {
        run("UPDATE things SET id = id + 1000, owner = 'ben' || id");
        assertThat(changes()).hasSize(500).allSatisfy(change -> {
            int id = change.oldKey().get("id").intValue();
            assertThat(change.table()).isEqualTo("public.things");
            assertThat(change.op()).isEqualTo(Change.Op.UPDATE);
            assertThat(change.oldKey().get("owner").asString()).isEqualTo("ada" + id);
            assertThat(change.newKey().get("id").intValue()).isEqualTo(id + 1000);
            assertThat(change.newKey().get("owner").asString()).isEqualTo("ben" + id);
            assertThat(change.newKey()).containsOnlyKeys("id", "owner");
        });
    }

    @Test
    void anUpsertSaysWhichRowsAreNew() {
        run("""
                INSERT INTO things (id, owner) VALUES (1, 'ben'), (501, NULL)
                ON CONFLICT (id) DO UPDATE SET owner = excluded.owner""");
        assertThat(changes()).extracting(Change::op).containsExactlyInAnyOrder(Change.Op.INSERT, Change.Op.UPDATE);
    }

    @Test
    void aDeleteHasNoNewKey() {
        run("DELETE FROM things WHERE id <= 2");
        assertThat(changes()).hasSize(2).allSatisfy(change -> {
            assertThat(change.op()).isEqualTo(Change.Op.DELETE);
            assertThat(change.newKey()).isEmpty();
            assertThat(change.oldKey()).containsOnlyKeys("id", "owner");
        });
    }

    @Test
    void onlyRowsThatBecameDifferentAreChanges() {
        run("UPDATE things SET owner = CASE WHEN id = 7 THEN 'ben' ELSE owner END");
        assertThat(changes())
                .singleElement()
                .satisfies(change -> assertThat(Things.id(change)).isEqualTo(7));
    }

    @Test
    void truncateIsOneChangeOfTheWholeTable() {
        run("TRUNCATE things");
        assertThat(changes()).extracting(Change::op).containsExactly(Change.Op.TRUNCATE);
    }

    @Test
    void aReplicationSessionIsSeenToo() {
        database.write(tx -> {
            tx.sql("SET LOCAL session_replication_role = replica").update();
            tx.sql("INSERT INTO things (id) VALUES (501)").update();
            tx.sql("UPDATE things SET note = 'x' WHERE id = 1").update();
            return tx.sql("DELETE FROM things WHERE id = 2").update();
        });
        assertThat(changes()).hasSize(3);
    }

    @Test
    void aRoleWithoutRightsOnTheLogIsSeenToo() {
        run("DROP ROLE IF EXISTS writer");
        run("CREATE ROLE writer");
        run("GRANT SELECT, UPDATE ON things TO writer");
        database.write(tx -> {
            tx.sql("SET LOCAL ROLE writer").update();
            return tx.sql("UPDATE things SET note = 'x' WHERE id = 1").update();
        });
        run("DROP OWNED BY writer");
        run("DROP ROLE writer");
        assertThat(changes()).hasSize(1);
    }

    @Test
    void watchingByRowAgainReplacesIt() {
        run("CALL lockstep.watch('things', 'id')");
        run("UPDATE things SET note = 'x' WHERE id = 1");
        run("DELETE FROM things WHERE id = 2");
        assertThat(changes())
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.oldKey()).containsOnlyKeys("id"));
    }

    @Test
    void watchingAnUnknownColumnIsRefused() {
        assertThatThrownBy(() -> run("CALL lockstep.watch_bulk('things', 'ownr')"))
                .rootCause()
                .hasMessageContaining("not (ownr)");
    }

    /** A table whose writers say when they wrote, as those of the mirror do. */
    private void timed() {
        run("CREATE TABLE timed (id text PRIMARY KEY, owner text, note text, applied_at timestamptz)");
        run("CALL lockstep.watch_bulk('timed', 'id', 'owner')");
        run("INSERT INTO timed SELECT 't' || i, CASE WHEN i > 1 THEN 'ada' || i END, '', now()"
                + " FROM generate_series(1, 10001) i");
        before = new FeedClock(database).read().snapshot();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 10_001})
    void whereTheTimeOfWritingMovedEachRowIsAChangeWithItsOwnKeys(int rows) {
        timed();
        run("UPDATE timed SET owner = 'ben' || substr(id, 2), applied_at = clock_timestamp()"
                + " WHERE substr(id, 2)::int <= " + rows);
        assertThat(changes()).hasSize(rows).allSatisfy(change -> {
            String number = change.newKey().get("id").asString().substring(1);
            assertThat(change.table()).isEqualTo("public.timed");
            assertThat(change.op()).isEqualTo(Change.Op.UPDATE);
            assertThat(change.oldKey().get("id")).isEqualTo(change.newKey().get("id"));
            assertThat(change.newKey().get("owner").asString()).isEqualTo("ben" + number);
            if (number.equals("1")) {
                assertThat(change.oldKey().get("owner").isNull()).isTrue();
            } else {
                assertThat(change.oldKey().get("owner").asString()).isEqualTo("ada" + number);
            }
        });
    }

    @Test
    void whereItDidNotMoveRowsAreCompared() {
        timed();
        run("UPDATE timed SET note = CASE id WHEN 't7' THEN 'x' ELSE note END,"
                + " applied_at = CASE id WHEN 't8' THEN clock_timestamp() ELSE applied_at END WHERE length(id) = 2");
        assertThat(changes())
                .extracting(change -> change.newKey().get("id").asString())
                .containsExactlyInAnyOrder("t7", "t8");
        run("UPDATE timed SET applied_at = NULL WHERE id = 't1'");
        run("UPDATE timed SET applied_at = NULL WHERE id = 't1'");
        run("DELETE FROM timed WHERE id = 't9'");
        assertThat(changes()).hasSize(4);
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }

    private List<Change> changes() {
        Snapshot now = new FeedClock(database).read().snapshot();
        return database.read(tx -> log.between(tx, before, now, Long.MAX_VALUE));
    }
}
