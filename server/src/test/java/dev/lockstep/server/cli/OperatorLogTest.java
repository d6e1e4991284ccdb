package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditChain;
import dev.lockstep.audit.AuditKey;
import dev.lockstep.audit.AuditVerdict;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What operators do is recorded, whoever they are and whether or not there was anything to do it to. */
class OperatorLogTest {
    private static final String KEY = "an-audit-key-of-more-than-32-characters";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("verbs", Migrations::migrate);

    @TempDir
    Path folder;

    private final Database database = new Database(postgres.dataSource());
    private DemoFolder notes;

    @BeforeEach
    void prepare() {
        notes = new DemoFolder(folder, new SecureRandom());
        notes.note("database.url", postgres.jdbcUrl());
        notes.note("database.username", postgres.username());
        notes.note("database.password", postgres.password());
        notes.note("audit-key", KEY);
    }

    @Test
    void everyVerbThatChangesSomethingLeavesARowInTheChain() throws Exception {
        Path env = Files.writeString(folder.resolve(".env"), "WORKOS_COOKIE_PASSWORD=" + "p4ssword-".repeat(5) + "\n");
        run("parked", "replay", "--type", "user.updated");
        run("parked", "discard", "event_1", "--because", "sent twice\nby hand");
        run("replay", "--all");
        run("replay", "--all", "--dry-run");
        run("sessions", "revoke", "session_1");
        run("sessions", "revoke", "--user", "user_1");
        assertThat(run("keys", "rotate", "--file", env.toString())).isZero();

        assertThat(rows())
                .containsExactly(
                        "operator.parked.replay event:chosen {\"told\": \"false\", \"type\": \"user.updated\"}",
                        "operator.parked.discard event:event_1 {\"because\": \"sent twice by hand\"}",
                        "operator.inbox.replay inbox:finished {}",
                        "operator.sessions.revoke session:session_1 {\"sessions\": \"1\"}",
                        "operator.sessions.revoke user:user_1 {\"sessions\": \"0\"}",
                        "operator.keys.rotate keys:cookie {\"step\": \"1\"}");
        var chain = new AuditChain(new AuditKey(KEY.getBytes(StandardCharsets.UTF_8)));
        assertThat(chain.verify(database)).isInstanceOf(AuditVerdict.Intact.class);
    }

    @Test
    void whoActedIsTheAccountOfThisMachine() {
        run("sessions", "revoke", "session_1");
        List<String> actors = database.read(tx ->
                tx.sql("SELECT actor FROM app.audit_log").query(String.class).list());
        assertThat(actors).containsExactly("operator:" + System.getProperty("user.name"));
    }

    @Test
    void anEndedSessionIsToldToTheNodesAndToWorkOs() {
        assertThat(run("sessions", "revoke", "session_1")).isZero();
        assertThat(count("SELECT count(*) FROM lockstep.ended_session WHERE session_id = 'session_1'"))
                .isOne();
        assertThat(count("SELECT count(*) FROM lockstep.session_to_revoke WHERE session_id = 'session_1'"))
                .isOne();
        assertThat(run("sessions", "revoke")).isEqualTo(2);
        assertThat(run("sessions", "revoke", "session_1", "--user", "user_1")).isEqualTo(2);
    }

    @Test
    void whatCannotBeRecordedIsNotDone() {
        database.write(tx ->
                tx.sql("ALTER TABLE app.audit_log RENAME TO audit_log_away").update());
        assertThat(run("sessions", "revoke", "session_1")).isOne();
        assertThat(count("SELECT count(*) FROM lockstep.ended_session")).isZero();
    }

    private int run(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = folder.toString();
        return LockstepCommand.run(all);
    }

    private List<String> rows() {
        return database.read(
                tx -> tx.sql("SELECT action || ' ' || target || ' ' || details::text FROM app.audit_log ORDER BY seq")
                        .query(String.class)
                        .list());
    }

    private long count(String sql) {
        return database.read(tx -> tx.sql(sql).query(Long.class).single());
    }
}
