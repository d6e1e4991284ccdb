package dev.lockstep.sync.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DuplicateKeyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A user as WorkOS describes one today, and what the application keeps beside it. */
class UserColumnsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final ObjectNode WHOLE = (ObjectNode) JsonMapper.shared().readTree("""
            {"object":"user","id":"user_ada","email":"ada@acme.test","email_verified":true,"first_name":"Ada",
             "last_name":"Osei","name":"Ada Osei","profile_picture_url":"https://img.test/ada.png","external_id":"7",
             "locale":"de-AT","last_sign_in_at":"2026-03-01T09:00:00.000Z","metadata":{"plan":"gold"},
             "created_at":"2026-02-01T08:00:00.000Z","updated_at":"2026-03-01T10:00:00.010Z"}""");

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);

    private void apply(String id, String type, ObjectNode data, long at) {
        byte[] event = Wire.event(id, type, data, at);
        database.write(tx -> new Projector().apply(tx, List.of(new Incoming(Wire.decoded(event), Writer.WEBHOOK))));
    }

    private Map<String, Object> one(String sql) {
        return database.read(tx -> tx.sql(sql).query().singleRow());
    }

    @Test
    void everyFieldOfAUserHasAColumnOfItsNameAndType() {
        apply("event_1", "user.created", WHOLE, 20);

        Map<String, Object> row = one("""
                SELECT id, email, email_verified, first_name, last_name, name, profile_picture_url, external_id, locale,
                  to_char(last_sign_in_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS last_sign_in_at,
                  metadata ->> 'plan' AS plan, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS created_at,
                  to_char(updated_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS') AS updated_at FROM workos.users""");

        assertThat(row)
                .containsEntry("id", "user_ada")
                .containsEntry("email", "ada@acme.test")
                .containsEntry("email_verified", true)
                .containsEntry("first_name", "Ada")
                .containsEntry("last_name", "Osei")
                .containsEntry("name", "Ada Osei")
                .containsEntry("profile_picture_url", "https://img.test/ada.png")
                .containsEntry("external_id", "7")
                .containsEntry("locale", "de-AT")
                .containsEntry("last_sign_in_at", "2026-03-01 09:00:00")
                .containsEntry("plan", "gold")
                .containsEntry("created_at", "2026-02-01 08:00")
                .containsEntry("updated_at", "10:00:00.010");
        assertThat(WHOLE.propertyNames())
                .as("no field without a column")
                .allMatch(field -> field.equals("object") || hasColumn(field));
    }

    private boolean hasColumn(String field) {
        return mirror.value(
                "SELECT count(*) > 0 FROM information_schema.columns WHERE table_schema = 'workos' AND table_name = 'users'"
                        + " AND column_name = '" + field + "'",
                Boolean.class);
    }

    @Test
    void whatTheApplicationKeepsStandsBesideTheUserAndSyncLeavesItAlone() {
        apply("event_1", "user.created", WHOLE, 20);
        mirror.run("INSERT INTO app.accounts (workos_user_id) VALUES ('user_ada') ON CONFLICT DO NOTHING");
        mirror.run("INSERT INTO app.profiles (account_id, workos_user_id, bio, timezone, preferences, usertag)"
                + " SELECT id, workos_user_id, 'Builds arms', 'Europe/Vienna', '{\"theme\":\"dark\"}', 'ada'"
                + " FROM app.accounts");
        Object account = one("SELECT id FROM app.accounts").get("id");
        apply("event_2", "user.updated", WHOLE.deepCopy().put("first_name", "Augusta"), 30);

        Map<String, Object> shown =
                one("SELECT id, display_name, avatar_url, bio, timezone, preferences ->> 'theme' AS theme,"
                        + " usertag, is_active, last_sign_in_at IS NOT NULL AS signed_in FROM app.users");

        assertThat(shown)
                .containsEntry("id", account)
                .containsEntry("display_name", "Augusta Osei")
                .containsEntry("avatar_url", "https://img.test/ada.png")
                .containsEntry("bio", "Builds arms")
                .containsEntry("timezone", "Europe/Vienna")
                .containsEntry("theme", "dark")
                .containsEntry("usertag", "ada")
                .containsEntry("is_active", true)
                .containsEntry("signed_in", true);
        assertThatThrownBy(() -> mirror.run("INSERT INTO app.accounts (workos_user_id) VALUES ('user_ada')"))
                .as("one account for one id of WorkOS")
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void aUserWithoutNamesIsShownByTheirAddress() {
        ObjectNode nameless = WHOLE.deepCopy();
        nameless.putNull("first_name").remove(List.of("last_name", "name"));
        apply("event_1", "user.created", nameless, 20);

        assertThat(one("SELECT display_name, first_name FROM app.users"))
                .containsEntry("display_name", "ada@acme.test")
                .containsEntry("first_name", null);
    }

    @Test
    void theNewestSessionSaysWhenSomebodySignedInLast() {
        apply("event_1", "user.created", WHOLE, 20);
        apply(
                "event_2",
                "session.created",
                Wire.session("session_1", "user_ada", "active", 4_000)
                        .put("created_at", Wire.at(4_000).toString()),
                4_000);

        assertThat(
                        one(
                                "SELECT to_char(last_sign_in_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS at FROM app.users"))
                .containsEntry("at", "2026-03-01 10:00:04");
    }
}
