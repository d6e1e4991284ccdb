package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ChangeTriggerTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    private final ChangeLog log = new ChangeLog();
    private Database database;
    private Snapshot before;

    @BeforeEach
    void rememberWhereTheLogStands() {
        database = new Database(postgres.dataSource());
        Things.insert(database, 1);
        before = new FeedClock(database).read().snapshot();
    }

    @Test
    void anUpdateCarriesTheKeysBeforeAndAfter() {
        run("UPDATE things SET owner = 'ben' WHERE id = 1");
        assertThat(changes()).singleElement().satisfies(change -> {
            assertThat(change.table()).isEqualTo("public.things");
            assertThat(change.op()).isEqualTo(Change.Op.UPDATE);
            assertThat(change.oldKey().get("owner").asString()).isEqualTo("ada");
            assertThat(change.newKey().get("owner").asString()).isEqualTo("ben");
            assertThat(change.newKey()).containsOnlyKeys("id", "owner");
        });
    }

    @Test
    void anInsertHasNoOldKeyAndADeleteNoNewOne() {
        run("INSERT INTO things (id, owner) VALUES (2, NULL)");
        run("DELETE FROM things WHERE id = 1");
        assertThat(changes()).extracting(Change::op).containsExactly(Change.Op.INSERT, Change.Op.DELETE);
        assertThat(changes().get(0).oldKey()).isEmpty();
        assertThat(changes().get(0).newKey().get("owner").isNull()).isTrue();
        assertThat(changes().get(1).newKey()).isEmpty();
        assertThat(changes().get(1).oldKey().get("id").intValue()).isOne();
    }

    @Test
    void truncateIsOneChangeOfTheWholeTable() {
        run("TRUNCATE things");
        assertThat(changes()).singleElement().satisfies(change -> {
            assertThat(change.op()).isEqualTo(Change.Op.TRUNCATE);
            assertThat(change.oldKey()).isEmpty();
            assertThat(change.newKey()).isEmpty();
        });
    }

    @Test
    void anUpdateThatChangesNoColumnIsNoChange() {
        run("UPDATE things SET owner = owner");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aReplicationSessionIsSeenToo() {
        database.write(tx -> {
            tx.sql("SET LOCAL session_replication_role = replica").update();
            return tx.sql("UPDATE things SET note = 'x'").update();
        });
        assertThat(changes()).hasSize(1);
    }

    @Test
    void aRoleWithoutRightsOnTheLogIsSeenToo() {
        run("DROP ROLE IF EXISTS clerk");
        run("CREATE ROLE clerk");
        run("GRANT SELECT, UPDATE ON things TO clerk");
        database.write(tx -> {
            tx.sql("SET LOCAL ROLE clerk").update();
            return tx.sql("UPDATE things SET note = 'x'").update();
        });
        run("DROP OWNED BY clerk");
        run("DROP ROLE clerk");
        assertThat(changes()).hasSize(1);
    }

    @Test
    void watchingAnUnknownColumnIsRefused() {
        assertThatThrownBy(() -> run("CALL lockstep.watch('things', 'id', 'ownr')"))
                .rootCause()
                .hasMessageContaining("not (ownr)");
    }

    @Test
    void everyTableOfTheMirrorAndTheApplicationIsWatched() {
        List<String> unwatched =
                database.read(tx -> tx.sql("""
                        SELECT relnamespace::regnamespace || '.' || relname FROM pg_class c
                        WHERE relnamespace IN ('workos'::regnamespace, 'app'::regnamespace) AND relkind = 'r'
                          AND (SELECT count(*) FROM pg_trigger
                               WHERE tgrelid = c.oid AND tgname IN ('lockstep_change', 'lockstep_truncate')) < 2
                        """).query(String.class).list());
        assertThat(unwatched).containsExactly("app.audit_log");
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }

    private List<Change> changes() {
        Snapshot now = new FeedClock(database).read().snapshot();
        return database.read(tx -> log.between(tx, before, now, Long.MAX_VALUE));
    }
}
