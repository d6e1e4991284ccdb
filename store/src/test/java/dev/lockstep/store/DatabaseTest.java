package dev.lockstep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.PostgresExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;

final class DatabaseTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.empty();

    private final Database database = new Database(postgres.dataSource());

    @BeforeAll
    static void makeTable() {
        new Database(postgres.dataSource())
                .write(tx -> tx.sql("CREATE TABLE t (n int)").update());
    }

    @BeforeEach
    void emptyTable() {
        database.write(tx -> tx.sql("DELETE FROM t").update());
    }

    @ParameterizedTest
    @CsvSource({
        "READ_COMMITTED, read committed, off",
        "SNAPSHOT_READ_ONLY, repeatable read, on",
        "REPEATABLE_READ, repeatable read, off",
        "SERIALIZABLE, serializable, off"
    })
    void aTransactionHasTheIsolationThatWasAskedFor(Isolation isolation, String level, String readOnly) {
        assertThat(database.<String>inTransaction(
                        isolation,
                        tx -> tx.sql("SHOW transaction_isolation")
                                .query(String.class)
                                .single()))
                .isEqualTo(level);
        assertThat(database.<String>inTransaction(
                        isolation,
                        tx -> tx.sql("SHOW transaction_read_only")
                                .query(String.class)
                                .single()))
                .isEqualTo(readOnly);
        assertThat(database.<String>write(tx ->
                        tx.sql("SHOW transaction_isolation").query(String.class).single()))
                .isEqualTo("read committed");
    }

    @Test
    void workThatThrowsLeavesNothing() {
        assertThatThrownBy(() -> database.write(tx -> {
                    tx.sql("INSERT INTO t VALUES (1)").update();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(rows()).isZero();
    }

    @Test
    void aReaderMayNotWrite() {
        assertThatThrownBy(() ->
                        database.read(tx -> tx.sql("INSERT INTO t VALUES (1)").update()))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void whatFailsAfterTheCommitDoesNotUndoIt() {
        assertThatThrownBy(() -> database.inTransactionThen(
                        Isolation.READ_COMMITTED,
                        tx -> tx.sql("INSERT INTO t VALUES (1)").update(),
                        (rows, tx) -> {
                            throw new IllegalStateException("after");
                        }))
                .hasMessage("after");
        assertThat(rows()).isOne();
    }

    @Test
    void anotherConnectionReadsAtAnExportedSnapshot() {
        int seen = database.read(tx -> {
            String name =
                    tx.sql("SELECT pg_export_snapshot()").query(String.class).single();
            database.write(other -> other.sql("INSERT INTO t VALUES (1)").update());
            return database.readAt(
                    name,
                    other -> other.sql("SELECT count(*) FROM t")
                            .query(Integer.class)
                            .single());
        });
        assertThat(seen).isZero();
        assertThat(rows()).isOne();
    }

    @Test
    void theNameOfASnapshotIsNotAPlaceForSql() {
        assertThatThrownBy(() -> database.readAt("1'; DROP TABLE t; --", tx -> 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private int rows() {
        return database.read(
                tx -> tx.sql("SELECT count(*) FROM t").query(Integer.class).single());
    }
}
