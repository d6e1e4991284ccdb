package dev.lockstep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataIntegrityViolationException;

/** What applications may build on: the keys and indexes of the tables that they join with. */
final class TablesTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("tables", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());

    private List<String> indexed(String schema, String table) {
        return database.read(
                tx -> tx.sql("SELECT substring(indexdef FROM '\\((.*)\\)') FROM pg_indexes WHERE schemaname = :schema"
                                + " AND tablename = :name")
                        .param("schema", schema)
                        .param("name", table)
                        .query(String.class)
                        .list());
    }

    private void write(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }

    @Test
    void anAccountHasAKeyOfItsOwnAndBelongsToOneUserOfWorkOs() {
        write("INSERT INTO app.accounts (workos_user_id) VALUES ('user_keys')");
        assertThatThrownBy(() -> write("INSERT INTO app.accounts (workos_user_id) VALUES ('user_keys')"))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aProfileHasPictureBioTimeZoneAndPreferencesAndItsTagIsItsOwn() {
        write("INSERT INTO app.accounts (workos_user_id) VALUES ('user_tag_1'), ('user_tag_2')");
        write("INSERT INTO app.profiles (account_id, workos_user_id, usertag) SELECT id, workos_user_id, 'tag'"
                + " FROM app.accounts WHERE workos_user_id = 'user_tag_1'");
        assertThat(database.<String>read(
                        tx -> tx.sql("SELECT concat_ws(' ', timezone, preferences, avatar_url, bio) FROM"
                                        + " app.profiles WHERE workos_user_id = 'user_tag_1'")
                                .query(String.class)
                                .single()))
                .isEqualTo("UTC {}");
        assertThatThrownBy(() -> write("INSERT INTO app.profiles (account_id, workos_user_id, usertag)"
                        + " SELECT id, workos_user_id, 'tag' FROM app.accounts WHERE workos_user_id = 'user_tag_2'"))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void tablesOfTheApplicationReferToAccountsWhateverTheMirrorForgets() {
        write("INSERT INTO app.accounts (workos_user_id) VALUES ('user_orders')");
        write("INSERT INTO workos.users (id, raw, source) VALUES ('user_orders', '{}', 'webhook')");
        write("CREATE TABLE app.orders (id int PRIMARY KEY, account_id uuid NOT NULL REFERENCES app.accounts (id))");
        write("INSERT INTO app.orders SELECT 1, id FROM app.accounts WHERE workos_user_id = 'user_orders'");
        write("DELETE FROM workos.users WHERE id = 'user_orders'");
        assertThat(database.<Long>read(tx -> tx.sql("SELECT count(*) FROM app.orders JOIN app.accounts a"
                                + " ON a.id = account_id AND a.workos_user_id = 'user_orders'")
                        .query(Long.class)
                        .single()))
                .isEqualTo(1);
    }

    @Test
    void peopleAreFoundByIdEMailAndMembershipThroughAnIndex() {
        assertThat(indexed("workos", "users")).contains("id", "lower(email)");
        assertThat(indexed("app", "accounts")).contains("id", "workos_user_id");
        assertThat(indexed("workos", "organization_memberships")).contains("id", "user_id", "organization_id");
    }

    @Test
    void whoSignedInLatelyOrNotForLongIsFoundThroughAnIndex() {
        write("INSERT INTO workos.users (id, raw, source, last_sign_in_at) SELECT 'user_seen_' || i, '{}', 'tail',"
                + " CASE WHEN i % 2 = 0 THEN now() - i * interval '1 minute' END FROM generate_series(1, 20000) i");
        write("ANALYZE workos.users");
        assertThat(plan("SELECT id FROM workos.users WHERE last_sign_in_at < now() - interval '13 days'"))
                .contains("users_by_last_sign_in")
                .doesNotContain("Seq Scan");
        assertThat(plan("SELECT id FROM workos.users WHERE last_sign_in_at IS NOT NULL"
                        + " ORDER BY last_sign_in_at DESC LIMIT 20"))
                .contains("users_by_last_sign_in")
                .doesNotContain("Sort");
    }

    private String plan(String statement) {
        List<String> lines = database.read(
                tx -> tx.sql("EXPLAIN " + statement).query(String.class).list());
        return String.join("\n", lines);
    }
}
