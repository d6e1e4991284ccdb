package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ended lately is found at the start of a node without walking everything that ever was. */
class RevocationFeedTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());

    @Test
    void whatEndedLatelyIsFoundByAnIndex() {
        run("INSERT INTO workos.users (id, raw, source, deleted_at, applied_at) SELECT 'u' || i, '{}', 'tail',"
                + " CASE WHEN i % 10 = 0 THEN now() - i * interval '1 hour' END, now() - i * interval '1 hour'"
                + " FROM generate_series(1, 20000) i");
        run("INSERT INTO workos.sessions (id, user_id, raw, source, deleted_at, applied_at) SELECT 's' || i, 'u', '{}',"
                + " 'tail', CASE WHEN i % 2 = 0 THEN now() - i * interval '1 hour' END, now() - i * interval '1 hour'"
                + " FROM generate_series(1, 20000) i");
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, raw, source, status, applied_at)"
                        + " SELECT 'm' || i, 'u', 'o', '{}', 'tail', CASE WHEN i % 10 = 0 THEN 'inactive' ELSE 'active' END,"
                        + " now() - i * interval '1 minute' FROM generate_series(1, 20000) i");
        run("ANALYZE workos.users, workos.sessions, workos.organization_memberships");
        assertThat(plan(RevocationFeed.RECENT_USERS)).contains("users_ended").doesNotContain("Seq Scan");
        assertThat(plan(RevocationFeed.RECENT_SESSIONS))
                .contains("sessions_ended")
                .doesNotContain("Seq Scan");
        assertThat(plan(RevocationFeed.RECENT_MEMBERSHIPS))
                .contains("memberships_ended")
                .doesNotContain("Seq Scan");
    }

    private String plan(String statement) {
        return database
                .read(tx -> tx.sql("EXPLAIN " + statement)
                        .param("seconds", 600.0)
                        .query(String.class)
                        .list())
                .stream()
                .collect(Collectors.joining("\n"));
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
