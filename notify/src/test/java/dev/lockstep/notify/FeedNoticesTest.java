package dev.lockstep.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.DurableReader;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeedNoticesTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("notify", Migrations::migrate);

    private Database database;
    private DurableReader reader;

    private record Left(String reader, String subject, String message, String status) {}

    @BeforeEach
    void anOrganizationWithAnOwnerAnAdminAndAMember() {
        database = new Database(postgres.dataSource());
        reader = new FeedNotices(new Notifications(), NoticeSettings.defaults()).reader(database);
        reader.runUntilIdle();
        run(
                "INSERT INTO workos.organizations (id, name, raw, source) VALUES ('org_1', 'Acme Robotics', '{}', 'snapshot')");
        user("ada", "Ada", "Osei");
        user("ben", "Ben", "Ito");
        user("cleo", "Cleo", "Marsh");
        member("om_ada", "ada", "owner", "snapshot", "now()");
        member("om_ben", "ben", "admin", "snapshot", "now()");
        member("om_cleo", "cleo", "member", "snapshot", "now()");
        user("dev", "Dev", "Patel");
        reader.runUntilIdle();
    }

    @Test
    void whoeverRunsTheOrganizationLearnsOnceOfANewMember() {
        member("om_dev", "dev", "viewer", "webhook", "now()");
        reader.runUntilIdle();
        run("UPDATE workos.organization_memberships SET role_slugs = '{member}' WHERE id = 'om_dev'");
        reader.runUntilIdle();
        assertThat(left())
                .containsExactly(
                        new Left("ada", "New member", "Dev Patel joined Acme Robotics.", "SENT"),
                        new Left("ben", "New member", "Dev Patel joined Acme Robotics.", "SENT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot", "login"})
    void whatABackfillOrALoginBringsIsNoNews(String source) {
        member("om_dev", "dev", "viewer", source, "now()");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
    }

    @Test
    void aMemberWhoSignedInBeforeTheEventCameIsToldWithTheEvent() {
        member("om_dev", "dev", "viewer", "login", "now()");
        reader.runUntilIdle();
        run("UPDATE workos.organization_memberships SET event_id = 'event_1' WHERE id = 'om_dev'");
        reader.runUntilIdle();
        assertThat(left()).hasSize(2);
    }

    @Test
    void anOldMembershipThatIsLearntLateIsNoNews() {
        member("om_dev", "dev", "viewer", "tail", "now() - interval '2 days'");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
    }

    @Test
    void anInvitedPersonHasNotJoinedYet() {
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, status, raw, source, event_id, created_at)"
                        + " VALUES ('om_dev', 'dev', 'org_1', 'pending', '{}', 'webhook', 'event_1', now())");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
        run("UPDATE workos.organization_memberships SET status = 'active' WHERE id = 'om_dev'");
        reader.runUntilIdle();
        assertThat(left()).hasSize(2);
    }

    @Test
    void anEventThatIsTakenBackBeforeItIsReadIsNotTold() {
        member("om_dev", "dev", "viewer", "webhook", "now()");
        run("UPDATE workos.organization_memberships SET deleted_at = now() WHERE id = 'om_dev'");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
    }

    @Test
    void aRevokedSessionIsToldItsUserOnce() {
        session("session_1", "active", "NULL");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
        run("UPDATE workos.sessions SET status = 'revoked', deleted_at = now() WHERE id = 'session_1'");
        reader.runUntilIdle();
        run("UPDATE workos.sessions SET applied_at = clock_timestamp() WHERE id = 'session_1'");
        reader.runUntilIdle();
        assertThat(left()).singleElement().satisfies(notice -> {
            assertThat(notice.reader()).isEqualTo("ada");
            assertThat(notice.subject()).isEqualTo("Session ended");
            assertThat(notice.status()).isEqualTo("SENT");
        });
    }

    @Test
    void aSessionThatRanOutOrWentWithItsUserIsNotTold() {
        session("session_1", "expired", "now()");
        run("UPDATE workos.users SET deleted_at = now() WHERE id = 'ada'");
        session("session_2", "revoked", "now()");
        session("session_3", "revoked", "now() - interval '3 days'");
        reader.runUntilIdle();
        assertThat(left()).isEmpty();
    }

    private void user(String id, String first, String last) {
        run(
                "INSERT INTO workos.users (id, first_name, last_name, raw, source) VALUES ('%s', '%s', '%s', '{}', 'webhook')"
                        .formatted(id, first, last));
    }

    private void member(String id, String user, String role, String source, String created) {
        boolean byEvent = source.equals("webhook") || source.equals("tail");
        run("""
                INSERT INTO workos.organization_memberships
                  (id, user_id, organization_id, status, role_slugs, raw, source, event_id, created_at)
                VALUES ('%s', '%s', 'org_1', 'active', '{%s}', '{}', '%s', %s, %s)
                """.formatted(id, user, role, source, byEvent ? "'event_1'" : "NULL", created));
    }

    private void session(String id, String status, String deleted) {
        run(
                "INSERT INTO workos.sessions (id, user_id, status, deleted_at, raw, source, event_id) VALUES ('%s', 'ada', '%s', %s, '{}', 'webhook', 'event_1')"
                        .formatted(id, status, deleted));
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }

    private List<Left> left() {
        return database.read(tx -> tx.sql("""
                        SELECT workos_user_id AS reader, subject, message, status FROM app.notifications
                        ORDER BY workos_user_id
                        """).query(Left.class).list());
    }
}
