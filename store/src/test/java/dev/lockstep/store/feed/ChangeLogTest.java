package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.testing.PostgresExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChangeLogTest {
    private static final String FILL = """
            INSERT INTO lockstep.change (xid, table_name, op)
            SELECT (pg_current_xact_id()::text::bigint + i)::text::xid8, 'things', 'U' FROM generate_series(1, :rows) i
            """;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("things", Things::prepare);

    /** A driver keeps statements, and the server then plans them once for snapshots that it does not know. */
    @ParameterizedTest
    @ValueSource(ints = {0, 300, 30_000})
    void aTickReadsItsOwnTransactionsAndNotTheWholeLogHoweverOftenTheStatementRuns(int rows) {
        Database database = new Database(postgres.dataSource());
        database.write(tx -> tx.sql(FILL).param("rows", rows).update());
        if (rows > 0) {
            database.write(tx -> tx.sql("ANALYZE lockstep.change").update());
        }
        String plan = database.read(tx -> generic(tx, ChangeLog.READ));
        assertThat(plan).contains("Index Cond: ((xid >= ").doesNotContain("change_pkey");
    }

    @Test
    void aBacklogIsCountedByItsOwnTransactionsToo() {
        Database database = new Database(postgres.dataSource());
        database.write(tx -> tx.sql(FILL).param("rows", 30_000).update());
        database.write(tx -> tx.sql("ANALYZE lockstep.change").update());
        String plan = database.read(tx -> generic(tx, ChangeLog.TRANSACTIONS));
        assertThat(plan).contains("Index Cond: ((xid >= ");
    }

    private static String generic(Tx tx, String statement) {
        String positional =
                statement.replace(":before", "$1").replace(":now", "$2").replace(":most", "$3::bigint");
        tx.sql("SET LOCAL plan_cache_mode = force_generic_plan").update();
        tx.sql("PREPARE read AS " + positional).update();
        String most = positional.contains("$3") ? ", 50001" : "";
        try {
            return String.join(
                    "\n",
                    tx.sql("EXPLAIN EXECUTE read ('9:9:', '12:12:'" + most + ")")
                            .query(String.class)
                            .list());
        } finally {
            tx.sql("DEALLOCATE read").update();
        }
    }
}
