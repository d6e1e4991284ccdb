package dev.lockstep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

final class MigrationsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.empty();

    @Test
    void migratingAgainChangesNothing() {
        Migrations.migrate(postgres.dataSource());
        List<String> first = history();
        Migrations.migrate(postgres.dataSource());
        assertThat(history()).isEqualTo(first).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void fourNodesMayMigrateAtOnce() throws Exception {
        List<Callable<Boolean>> nodes = new ArrayList<>();
        for (int node = 0; node < 4; node++) {
            nodes.add(() -> {
                Migrations.migrate(postgres.dataSource());
                return true;
            });
        }
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> node : pool.invokeAll(nodes)) {
                assertThat(node.get()).isTrue();
            }
        }
        assertThat(history()).doesNotHaveDuplicates();
    }

    @Test
    void theMigrationsPrintWithoutADatabase() {
        List<Migrations.Script> scripts = Migrations.scripts();
        assertThat(scripts).extracting(Migrations.Script::name).startsWith("V001__machinery.sql");
        assertThat(scripts).allSatisfy(script -> assertThat(script.sql()).containsAnyOf("CREATE ", "COMMENT "));
    }

    @Test
    void aServerThatAcknowledgesBeforeItFlushesIsRefused() {
        PGSimpleDataSource careless = careless();
        assertThatThrownBy(() -> Migrations.migrate(careless))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(StoreException.Code.STORE_COMMIT_NOT_DURABLE))
                .hasMessageContaining("synchronous_commit=off");
    }

    @Test
    void aServerWithoutFsyncIsNotDurable() {
        assertThatThrownBy(() -> Migrations.requireDurable(postgres.dataSource()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("fsync=off");
    }

    @Test
    void aServerOutOfReachHasACodeOfItsOwn() {
        PGSimpleDataSource nowhere = careless();
        nowhere.setPortNumbers(new int[] {1});
        assertThatThrownBy(() -> Migrations.migrate(nowhere))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(StoreException.Code.STORE_UNREACHABLE));
    }

    @Test
    void ourUuidsHaveVersionSevenAndSortByTime() throws SQLException {
        Migrations.migrate(postgres.dataSource());
        List<UUID> ids = new ArrayList<>();
        try (Connection connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement()) {
            for (int i = 0; i < 20; i++) {
                try (var row = statement.executeQuery("SELECT lockstep.uuid_v7(), pg_sleep(0.002)")) {
                    row.next();
                    ids.add(row.getObject(1, UUID.class));
                }
            }
        }
        assertThat(ids).allSatisfy(id -> {
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        });
        assertThat(ids.stream().map(UUID::toString).toList()).isSorted().doesNotHaveDuplicates();
    }

    private PGSimpleDataSource careless() {
        var dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.jdbcUrl());
        dataSource.setUser(postgres.username());
        dataSource.setPassword(postgres.password());
        dataSource.setOptions("-c synchronous_commit=off");
        return dataSource;
    }

    private List<String> history() {
        return new Database(postgres.dataSource())
                .read(tx -> tx.sql("SELECT script FROM lockstep.flyway_history WHERE version IS NOT NULL ORDER BY 1")
                        .query(String.class)
                        .list());
    }
}
