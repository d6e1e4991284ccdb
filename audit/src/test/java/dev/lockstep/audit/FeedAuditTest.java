package dev.lockstep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.DurableReader;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FeedAuditTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("audit", Migrations::migrate);

    private final AuditChain chain = new AuditChain(new AuditKey(new byte[32]));
    private Database database;

    private record Row(String actor, String action, String target, String organization, String details) {}

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
    }

    private DurableReader reader() {
        return new FeedAudit(chain).reader(database);
    }

    @Test
    void aChangedRowOfTheMirrorIsNamedWithoutPersonalValues() {
        run("INSERT INTO workos.users (id, email, raw, source) VALUES ('user_1', 'ada@acme.test', '{}', 'webhook')");
        run("UPDATE workos.users SET first_name = 'Ada'");
        run("DELETE FROM workos.users");
        run("TRUNCATE workos.users");
        reader().runUntilIdle();
        assertThat(rows())
                .extracting(Row::action)
                .containsExactly("user.added", "user.changed", "user.removed", "users.emptied");
        assertThat(rows())
                .extracting(Row::target)
                .containsExactly("workos.users:user_1", "workos.users:user_1", "workos.users:user_1", "workos.users:*");
        assertThat(rows()).allSatisfy(row -> {
            assertThat(row.actor()).isEqualTo("database");
            assertThat(row.details()).doesNotContain("ada").contains("transaction");
        });
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    @Test
    void aMembershipIsFiledUnderItsOrganization() {
        run("INSERT INTO workos.organization_memberships (id, user_id, organization_id, raw, source)"
                + " VALUES ('om_1', 'user_1', 'org_1', '{}', 'webhook')");
        run("INSERT INTO workos.organizations (id, name, raw, source) VALUES ('org_2', 'Acme', '{}', 'tail')");
        reader().runUntilIdle();
        assertThat(rows()).extracting(Row::organization).containsExactly("org_1", "org_2");
        assertThat(rows())
                .extracting(Row::action)
                .containsExactly("organization_membership.added", "organization.added");
        assertThat(rows().get(0).details()).contains("\"user_id\": \"user_1\"");
    }

    @Test
    void notificationsAndForeignTablesAreNotAudited() {
        run("CREATE TABLE invoices (id int)");
        run("CALL lockstep.watch('invoices', 'id')");
        run("INSERT INTO invoices VALUES (1)");
        run("INSERT INTO app.notifications (workos_user_id, subject, message, dedupe_key) VALUES ('u', 's', 'm', 'k')");
        reader().runUntilIdle();
        assertThat(rows()).isEmpty();
    }

    @Test
    void twoNodesWithExplicitRecordsBesideThemMakeOneChain() throws Exception {
        try (var pool = Executors.newFixedThreadPool(3)) {
            List<Future<Boolean>> work = List.of(
                    pool.submit(() -> readUntil(40)),
                    pool.submit(() -> readUntil(40)),
                    pool.submit(this::recordTwenty));
            for (int i = 0; i < 40; i++) {
                run("INSERT INTO app.accounts (workos_user_id) VALUES ('user_" + i + "')");
            }
            for (Future<Boolean> done : work) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(rows()).hasSize(60);
        assertThat(rows())
                .filteredOn(row -> row.action().equals("account.added"))
                .extracting(Row::target)
                .hasSize(40)
                .doesNotHaveDuplicates();
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    private boolean readUntil(int accounts) {
        DurableReader reader = reader();
        while (rows().stream()
                        .filter(row -> row.action().equals("account.added"))
                        .count()
                < accounts) {
            reader.runOnce();
        }
        return true;
    }

    private boolean recordTwenty() {
        Audit audit = new Audit(chain);
        for (int i = 0; i < 20; i++) {
            database.write(tx -> {
                audit.record(tx, new AuditEvent("job", null, null, "job.ran", "job:1", java.util.Map.of()));
                return true;
            });
        }
        return true;
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }

    private List<Row> rows() {
        return database.read(tx -> tx.sql("""
                        SELECT actor, action, target, organization_id AS organization, details::text AS details
                        FROM app.audit_log ORDER BY seq
                        """).query(Row.class).list());
    }
}
