package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.AbstractDataSource;

class OwnRowsTest {
    private static final UserId ADA = new UserId("user_ada");

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_own_rows", Migrations::migrate);

    private final AtomicInteger prepared = new AtomicInteger();

    @Test
    void theAccountAndEveryMembershipAreThereByTheNameOfTheOrganization() {
        user("user_ada");
        run("INSERT INTO app.accounts (workos_user_id) VALUES ('user_ada')");
        member("om_2", "user_ada", "org_z", "Zebra", "active", "viewer,editor");
        member("om_1", "user_ada", "org_a", "Acme", "pending", "owner");
        run("INSERT INTO app.tenants (organization_id, slug, domain, logo_url)"
                + " VALUES ('org_a', 'acme', 'acme.test', 'https://acme.test/logo.svg')");
        OwnRows.Rows rows = rows().of(ADA);
        assertThat(rows.account()).isEqualTo(rows().account(ADA)).isNotNull();
        assertThat(rows.memberships())
                .extracting(m -> m.id() + " " + m.organization().id() + " "
                        + m.organization().name() + " " + m.organization().slug() + " "
                        + m.organization().domain() + " " + m.organization().logoUrl() + " " + m.status())
                .containsExactly(
                        "om_1 org_a Acme acme acme.test https://acme.test/logo.svg pending",
                        "om_2 org_z Zebra null null null active");
        assertThat(rows.memberships().get(1).roles())
                .containsExactlyInAnyOrder(new RoleSlug("viewer"), new RoleSlug("editor"));
    }

    @Test
    void whatHasEndedAndWhatIsOfOthersIsNotShown() {
        user("user_ada");
        user("user_ben");
        member("om_1", "user_ada", "org_a", "Acme", "active", "owner");
        member("om_2", "user_ben", "org_b", "Ben's", "active", "owner");
        member("om_3", "user_ada", "org_c", "Closed", "active", "owner");
        member("om_4", "user_ada", "org_d", "Departed", "active", "owner");
        run("UPDATE workos.organizations SET deleted_at = now() WHERE id = 'org_c'");
        run("UPDATE workos.organization_memberships SET deleted_at = now() WHERE id = 'om_4'");
        assertThat(rows().of(ADA).memberships()).extracting(m -> m.id().value()).containsExactly("om_1");
        assertThat(rows().of(ADA).account()).isNull();
        assertThat(rows().of(new UserId("user_nobody")).memberships()).isEmpty();
    }

    @Test
    void manyOrganizationsCostNoMoreStatementsThanOne() {
        user("user_ada");
        member("om_0", "user_ada", "org_0", "Organization 0", "active", "member");
        int one = statementsOf(1);
        for (int i = 1; i <= 40; i++) {
            member("om_" + i, "user_ada", "org_" + i, "Organization " + i, "active", "member");
        }
        assertThat(statementsOf(41)).isEqualTo(one).isEqualTo(2);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAndNotTakenForNoMemberships() {
        var away = new OwnRows(new Database(new Away()));
        assertThatThrownBy(() -> away.of(ADA)).isInstanceOf(DataAccessException.class);
    }

    private int statementsOf(int memberships) {
        prepared.set(0);
        OwnRows.Rows rows = new OwnRows(new Database(new Counting())).of(ADA);
        assertThat(rows.memberships()).hasSize(memberships);
        return prepared.get();
    }

    private OwnRows rows() {
        return new OwnRows(new Database(postgres.dataSource()));
    }

    private void user(String id) {
        run("INSERT INTO workos.users (id, raw, source) VALUES ('" + id + "', '{}', 'tail')");
    }

    private void member(String id, String user, String organization, String name, String status, String roles) {
        run("INSERT INTO workos.organizations (id, name, raw, source) VALUES ('" + organization + "', '"
                + name.replace("'", "''") + "', '{}', 'tail')");
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, status, role_slugs, raw, source)"
                        + " VALUES ('" + id + "', '" + user + "', '" + organization + "', '" + status + "', '{" + roles
                        + "}', '{}', 'tail')");
    }

    private void run(String sql) {
        new Database(postgres.dataSource()).write(tx -> tx.sql(sql).update());
    }

    /** Counts what is prepared on its connections. */
    private final class Counting extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            Connection real = postgres.dataSource().getConnection();
            return (Connection) Proxy.newProxyInstance(
                    OwnRowsTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        if (method.getName().equals("prepareStatement")) {
                            prepared.incrementAndGet();
                        }
                        return method.invoke(real, args);
                    });
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }

    /** A database that nobody reaches. */
    private static final class Away extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("connection refused", "08001");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }
}
