package dev.lockstep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Isolation;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.ConcurrencyFailureException;

final class AuditChainTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("audit", Migrations::migrate);

    private final AuditChain chain = new AuditChain(new AuditKey(new byte[32]));
    private final Audit audit = new Audit(chain);
    private Database database;

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
    }

    @Test
    void aRecordExistsIfAndOnlyIfItsTransactionCommits() {
        recordOne("project.created");
        assertThatThrownBy(() -> database.write(tx -> {
                    audit.record(tx, event("project.deleted"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        recordOne("project.renamed");
        assertThat(this.<String>column("action", String.class)).containsExactly("project.created", "project.renamed");
        assertThat(this.<Long>column("seq", Long.class)).containsExactly(1L, 2L);
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    @Test
    void anEmptyChainIsIntact() {
        assertThat(chain.verify(database)).isEqualTo(new AuditVerdict.Intact(new AuditHead(0, "00".repeat(32))));
    }

    @Test
    void manyAppendersMakeOneChainWithoutGaps() throws Exception {
        try (var pool = Executors.newFixedThreadPool(6)) {
            List<Future<Boolean>> appenders = new ArrayList<>();
            for (int appender = 0; appender < 6; appender++) {
                appenders.add(pool.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        recordOne("thing.done");
                    }
                    return true;
                }));
            }
            for (Future<Boolean> appender : appenders) {
                assertThat(appender.get()).isTrue();
            }
        }
        assertThat(chain.verify(database))
                .isInstanceOfSatisfying(
                        AuditVerdict.Intact.class,
                        intact -> assertThat(intact.head().seq()).isEqualTo(150));
    }

    @Test
    void aTransactionWithAnOldSnapshotMustRunAgainAndNeverForksTheChain() {
        assertThatThrownBy(() -> database.inTransaction(Isolation.SERIALIZABLE, tx -> {
                    tx.sql("SELECT count(*) FROM app.accounts")
                            .query(Integer.class)
                            .single();
                    recordOne("somebody.else");
                    audit.record(tx, event("late.one"));
                    return true;
                }))
                .isInstanceOf(ConcurrencyFailureException.class);
        assertThat(this.<String>column("action", String.class)).containsExactly("somebody.else");
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "actor = 'user_other'",
                "impersonator = NULL",
                "organization_id = NULL",
                "action = 'project.createe'",
                "target = 'project:2'",
                "details = '{\"field\": \"name2\"}'",
                "details = '{\"field\": 1}'",
                "details = '{}'",
                "at = at + interval '1 microsecond'",
                "hash = set_byte(hash, 0, (get_byte(hash, 0) + 1) % 256)"
            })
    void theFirstChangedRowIsNamed(String forgery) throws SQLException {
        threeRows();
        behindTheTrigger("UPDATE app.audit_log SET " + forgery + " WHERE seq = 2");
        assertThat(chain.verify(database)).isEqualTo(new AuditVerdict.Broken(2, AuditVerdict.Reason.CHANGED));
    }

    @Test
    void aMissingRowIsNamed() throws SQLException {
        threeRows();
        behindTheTrigger("DELETE FROM app.audit_log WHERE seq = 2");
        assertThat(chain.verify(database)).isEqualTo(new AuditVerdict.Broken(2, AuditVerdict.Reason.MISSING));
    }

    @Test
    void aRelinkedRowIsNamed() throws SQLException {
        threeRows();
        behindTheTrigger("UPDATE app.audit_log SET previous_hash = hash WHERE seq = 3");
        assertThat(chain.verify(database)).isEqualTo(new AuditVerdict.Broken(3, AuditVerdict.Reason.NOT_LINKED));
    }

    @Test
    void aTailThatWasCutOffIsCaughtByAKeptHead() throws SQLException {
        threeRows();
        AuditHead kept = database.read(chain::head);
        behindTheTrigger("DELETE FROM app.audit_log WHERE seq = 3");
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
        assertThat(chain.verify(database, kept)).isEqualTo(new AuditVerdict.Broken(3, AuditVerdict.Reason.MISSING));
        recordOne("another.third");
        assertThat(chain.verify(database, kept)).isEqualTo(new AuditVerdict.Broken(3, AuditVerdict.Reason.CHANGED));
    }

    @Test
    void aChainWrittenWithAnotherKeyIsNotOurs() {
        byte[] other = new byte[32];
        other[0] = 1;
        new Audit(new AuditChain(new AuditKey(other)));
        database.write(tx -> {
            new Audit(new AuditChain(new AuditKey(other))).record(tx, event("forged.one"));
            return true;
        });
        assertThat(chain.verify(database)).isEqualTo(new AuditVerdict.Broken(1, AuditVerdict.Reason.CHANGED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UPDATE app.audit_log SET actor = 'x'", "DELETE FROM app.audit_log", "TRUNCATE app.audit_log"})
    void theTableIsAppendOnly(String statement) {
        threeRows();
        assertThatThrownBy(() -> database.write(tx -> tx.sql(statement).update()))
                .rootCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo("42501"));
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new AuditKey(new byte[31])).hasMessageContaining("31 bytes");
    }

    @Test
    void anImpersonatedActNamesBothAndNeitherIsInItsText() {
        AuditEvent event = event("project.created");
        assertThat(event.actor()).isEqualTo("user_1");
        assertThat(event.impersonatorEmail()).isEqualTo("operator@example.test");
        assertThat(event.toString()).doesNotContain("operator").doesNotContain("user_1");
    }

    private void threeRows() {
        recordOne("project.created");
        recordOne("project.created");
        recordOne("project.created");
    }

    private void recordOne(String action) {
        database.write(tx -> {
            audit.record(tx, event(action));
            return true;
        });
    }

    private static AuditEvent event(String action) {
        var caller = new Caller.SignedIn(
                new UserId("user_1"),
                new SessionId("session_1"),
                new OrganizationId("org_1"),
                Set.of(),
                Set.of(),
                new Impersonator("operator@example.test", null));
        return AuditEvent.by(caller, action, "project:1", Map.of("field", "name"));
    }

    private void behindTheTrigger(String sql) throws SQLException {
        try (var connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE app.audit_log DISABLE TRIGGER audit_log_is_append_only");
            statement.execute(sql);
            statement.execute("ALTER TABLE app.audit_log ENABLE TRIGGER audit_log_is_append_only");
        }
    }

    private <T> List<T> column(String name, Class<T> type) {
        return database.read(tx -> tx.sql("SELECT " + name + " FROM app.audit_log ORDER BY seq")
                .query(type)
                .list());
    }
}
