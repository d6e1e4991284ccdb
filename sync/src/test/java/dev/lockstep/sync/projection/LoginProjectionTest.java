package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.at;
import static dev.lockstep.sync.Wire.decoded;
import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.session;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.LoginProjection.Ensured;
import dev.lockstep.sync.projection.LoginProjection.SignIn;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginProjectionTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final List<Runnable> background = new ArrayList<>();
    private final LoginProjection logins = logins(new Acme(), background::add);

    private LoginProjection logins(LoginLookup lookup, Executor executor) {
        return new LoginProjection(
                database, new Snapshots(database, () -> {}), lookup, executor, SettableClock.at(at(100)), () -> {});
    }

    /** Knows one organization and the user's membership in it. */
    private static final class Acme implements LoginLookup {
        @Override
        public Optional<WorkOsOrganization> organization(OrganizationId id) {
            return Optional.of(WorkOsOrganization.from(Wire.organization(id.value(), "Acme", 1)));
        }

        @Override
        public List<WorkOsMembership> memberships(UserId user, OrganizationId organization) {
            return List.of(WorkOsMembership.from(
                    Wire.membership("m", user.value(), organization.value(), "owner", "active", 1)));
        }
    }

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void theRowsOfTheOneWhoSignsInAreThereAtOnceAndTheRestFollows() {
        assertThat(logins.ensure(signIn("Ada"))).isInstanceOf(Ensured.Ready.class);

        assertThat(mirror.row("workos.users", "u").orElseThrow().source()).isEqualTo("login");
        assertThat(mirror.value("SELECT workos_user_id FROM app.profiles", String.class))
                .isEqualTo("u");
        assertThat(mirror.value("SELECT status || ' ' || user_id FROM workos.sessions", String.class))
                .isEqualTo("active u");
        assertThat(mirror.row("workos.organizations", "o")).isEmpty();

        background.forEach(Runnable::run);

        assertThat(mirror.value("SELECT role_slugs[1] FROM workos.organization_memberships_live", String.class))
                .isEqualTo("owner");
    }

    @Test
    void signingInAgainKeepsTheAccountAndWhatTheApplicationPutThere() {
        Ensured first = logins.ensure(signIn("Ada"));
        mirror.run("UPDATE app.profiles SET bio = 'mine', timezone = 'Africa/Accra'");

        assertThat(logins.ensure(signIn("Ada"))).isEqualTo(first);

        assertThat(mirror.value("SELECT bio || timezone FROM app.profiles", String.class))
                .isEqualTo("mineAfrica/Accra");
    }

    @Test
    void aNameThatChangedBetweenTwoSignInsIsThereAfterTheSecond() {
        Ensured first = logins.ensure(signIn("Ada"));

        assertThat(logins.ensure(signIn("Augusta", 40))).isEqualTo(first);

        assertThat(mirror.value("SELECT first_name FROM workos.users", String.class))
                .isEqualTo("Augusta");
        assertThat(mirror.value("SELECT display_name FROM app.users", String.class))
                .isEqualTo("Augusta Osei");
    }

    @Test
    void aDeletedUserGetsNoAccount() {
        apply(event("e1", "user.deleted", user("u", "Ada", 1), 200));

        assertThat(logins.ensure(signIn("Ada"))).isEqualTo(new Ensured.Deleted(new UserId("u")));

        assertThat(mirror.value("SELECT count(*) FROM app.accounts", Long.class))
                .isZero();
        assertThat(background).isEmpty();
        assertThat(mirror.value("SELECT count(*) FROM workos.sessions_live", Long.class))
                .isZero();
    }

    @Test
    void theSessionEventReplacesTheStandInWhicheverComesFirst() {
        logins.ensure(signIn("Ada"));
        apply(event("e1", "session.created", session("s", "u", "active", 1).put("ip_address", "192.0.2.1"), 1));
        assertThat(mirror.value("SELECT ip_address FROM workos.sessions", String.class))
                .isEqualTo("192.0.2.1");

        mirror.clear();
        apply(event("e1", "session.created", session("s", "u", "active", 1).put("ip_address", "192.0.2.1"), 1));
        logins.ensure(signIn("Ada"));
        assertThat(mirror.value("SELECT ip_address FROM workos.sessions", String.class))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void aRevokedSessionIsNotRevivedByTheStandIn() {
        apply(event("e1", "session.revoked", session("s", "u", "revoked", 1), 1));
        logins.ensure(signIn("Ada"));

        assertThat(mirror.row("workos.sessions", "s").orElseThrow().deleted()).isTrue();
    }

    @Test
    void neitherAFailingLookupNorAFullExecutorHindersTheSignIn() {
        LoginLookup failing = new LoginLookup() {
            @Override
            public Optional<WorkOsOrganization> organization(OrganizationId id) {
                throw new WorkOsException(new WorkOsProblem.Unavailable(503, 3));
            }

            @Override
            public List<WorkOsMembership> memberships(UserId user, OrganizationId organization) {
                throw new WorkOsException(new WorkOsProblem.Unavailable(503, 3));
            }
        };
        assertThat(logins(failing, Runnable::run).ensure(signIn("Ada"))).isInstanceOf(Ensured.Ready.class);
        assertThat(logins(failing, task -> {
                            throw new RejectedExecutionException("full");
                        })
                        .ensure(signIn("Ada")))
                .isInstanceOf(Ensured.Ready.class);
    }

    private static SignIn signIn(String firstName) {
        return signIn(firstName, 1);
    }

    private static SignIn signIn(String firstName, long changedAt) {
        return new SignIn(
                WorkOsUser.from(user("u", firstName, changedAt)),
                new SessionId("s"),
                new OrganizationId("o"),
                "password",
                at(50));
    }

    private void apply(byte[] event) {
        database.write(tx -> new Projector().apply(tx, List.of(new Incoming(decoded(event), Writer.WEBHOOK))));
    }
}
