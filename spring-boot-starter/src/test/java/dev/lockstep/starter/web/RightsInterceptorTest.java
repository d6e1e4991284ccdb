package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.freshness.AskedMemberships;
import dev.lockstep.sync.freshness.MembershipSource;
import dev.lockstep.sync.freshness.MirroredMemberships;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.freshness.StalenessGate;
import dev.lockstep.sync.freshness.WhenStale;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.WorkOsMembership;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.json.JsonMapper;

/** The smaller of token and mirror decides; a mirror that is too old asks, or says that it cannot say. */
class RightsInterceptorTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirrored mirrored = new Mirrored(database);
    private MembershipSource workOs = (user, organization) -> List.of();

    /** What an application marks. */
    static final class Handlers {
        @RequiresRole({"admin", "owner"})
        public void forAdmins() {}

        @RequiresOrganization
        public void forMembers() {}

        @RequiresPermission("reports:read")
        public void forReaders() {}

        public void forEverybody() {}
    }

    @BeforeEach
    void beginWithNothing() {
        mirrored.clear();
    }

    @Test
    void theSmallerOfTokenAndMirrorDecides() {
        mirrored.isFresh();
        mirrored.person("user_ada", "org_acme", "admin");
        assertThat(call("forAdmins", caller("admin"), WhenStale.ASK)).isEqualTo("200");
        assertThat(call("forAdmins", caller("member"), WhenStale.ASK)).isEqualTo("403 FORBIDDEN");
        assertThat(call("forAdmins", caller("owner"), WhenStale.ASK)).isEqualTo("403 FORBIDDEN");
        assertThat(call("forMembers", caller("member"), WhenStale.ASK)).isEqualTo("200");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK)).isEqualTo("200");

        mirrored.run("UPDATE workos.organization_memberships SET status = 'inactive'");
        for (String handler : List.of("forAdmins", "forMembers", "forReaders")) {
            assertThat(call(handler, caller("admin"), WhenStale.ASK))
                    .as(handler)
                    .isEqualTo("403 NO_ORGANIZATION");
        }
        assertThat(call("forEverybody", caller("admin"), WhenStale.ASK)).isEqualTo("200");
    }

    @Test
    void aPermissionIsTheSmallerOfTokenAndOfWhatTheMirroredRolesAllow() {
        mirrored.isFresh();
        mirrored.person("user_ada", "org_acme", "admin");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK))
                .as("a role that never came takes nothing away")
                .isEqualTo("200");

        mirrored.role("admin", "reports:read", "reports:write");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK)).isEqualTo("200");
        assertThat(call("forReaders", without("admin"), WhenStale.ASK))
                .as("the token lowers")
                .isEqualTo("403 FORBIDDEN");

        mirrored.role("admin", "reports:write");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK))
                .as("the mirror lowers")
                .isEqualTo("403 FORBIDDEN");

        mirrored.organizationRole("org_acme", "admin", "reports:read");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK))
                .as("the organization's own role counts")
                .isEqualTo("200");
        mirrored.run("UPDATE workos.organization_roles SET raw = '{}'");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK))
                .as("an event that does not say what a role allows takes nothing away")
                .isEqualTo("200");
    }

    @Test
    void aRoleThatTheMirrorTookAwayTakesItsPermissionsAlong() {
        mirrored.isFresh();
        mirrored.person("user_ada", "org_acme", "viewer");
        mirrored.role("admin", "reports:read");
        mirrored.role("viewer");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK)).isEqualTo("403 FORBIDDEN");

        mirrored.run("UPDATE workos.organization_memberships SET role_slugs = '{admin}'");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK)).isEqualTo("200");
        mirrored.run("UPDATE workos.roles SET deleted_at = now(), deleted_by = 'event_1' WHERE slug = 'admin'");
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK))
                .as("a role that is gone allows nothing")
                .isEqualTo("403 FORBIDDEN");
    }

    @Test
    void whenTokenAndMirrorAreBothOldNobodyDecidesAboutAPermissionEither() {
        mirrored.person("user_ada", "org_acme", "admin");
        mirrored.role("admin", "reports:read");
        assertThat(call("forReaders", caller("admin"), WhenStale.REFUSE)).isEqualTo("503 MIRROR_STALE");
        assertThat(call("forReaders", without("admin"), WhenStale.REFUSE)).isEqualTo("503 MIRROR_STALE");
        workOs = (user, organization) -> {
            throw new WorkOsException(new WorkOsProblem.Unreachable("timeout", 1));
        };
        assertThat(call("forReaders", caller("admin"), WhenStale.ASK)).isEqualTo("503 RIGHTS_UNVERIFIABLE");
    }

    @Test
    void aStaleMirrorLetsWorkOsDecide() {
        mirrored.person("user_ada", "org_acme", "admin");
        assertThat(call("forAdmins", caller("admin"), WhenStale.ASK))
                .as("WorkOS knows of no membership any more")
                .isEqualTo("403 NO_ORGANIZATION");

        workOs = (user, organization) ->
                List.of(WorkOsMembership.from(JsonMapper.shared().readTree("""
                                {"object":"organization_membership","id":"om_user_ada","user_id":"user_ada",
                                 "organization_id":"org_acme","status":"active","role":{"slug":"admin"},
                                 "updated_at":"2026-03-01T10:00:00Z"}
                                """)));
        assertThat(call("forAdmins", caller("admin"), WhenStale.ASK)).isEqualTo("200");
        assertThat(call("forAdmins", caller("member"), WhenStale.ASK)).isEqualTo("403 FORBIDDEN");
    }

    @Test
    void cannotSayNowIsNeverTheSameAsNo() {
        mirrored.person("user_ada", "org_acme", "admin");
        assertThat(call("forAdmins", caller("admin"), WhenStale.REFUSE)).isEqualTo("503 MIRROR_STALE");
        assertThat(call("forAdmins", caller("member"), WhenStale.REFUSE)).isEqualTo("503 MIRROR_STALE");
        workOs = (user, organization) -> {
            throw new WorkOsException(new WorkOsProblem.Unreachable("timeout", 1));
        };
        assertThat(call("forAdmins", caller("admin"), WhenStale.ASK)).isEqualTo("503 RIGHTS_UNVERIFIABLE");
        assertThat(call("forAdmins", caller("admin"), WhenStale.MIRROR)).isEqualTo("200");
        assertThat(call("forEverybody", caller("admin"), WhenStale.REFUSE)).isEqualTo("200");
    }

    @Test
    void aDatabaseThatIsAwayIsNoVerdictEither() {
        assertThat(call(
                        "forAdmins",
                        caller("admin"),
                        new RightsInterceptor(gate(new Database(new Away()), WhenStale.ASK))))
                .isEqualTo("503 STORE_UNAVAILABLE");
    }

    @Test
    void whoIsNotSignedInIsToldSo() {
        assertThat(call("forAdmins", new Caller.Anonymous(), WhenStale.ASK)).isEqualTo("401 UNAUTHORIZED");
        MockHttpServletRequest unread = new MockHttpServletRequest();
        unread.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.CannotVerify());
        assertThatThrownBy(() -> new RightsInterceptor(gate(database, WhenStale.ASK))
                        .preHandle(unread, new MockHttpServletResponse(), handler("forAdmins")))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo("UPSTREAM_UNAVAILABLE"));
    }

    private RightsGate gate(Database from, WhenStale whenStale) {
        Duration bound = Duration.ofMinutes(1);
        return new RightsGate(
                new StalenessGate(from, bound, System::nanoTime),
                new MirroredMemberships(from),
                new AskedMemberships(
                        (user, organization) -> workOs.memberships(user, organization),
                        new Snapshots(from, () -> {}),
                        bound,
                        InstantSource.system(),
                        System::nanoTime),
                whenStale);
    }

    private String call(String handler, Caller caller, WhenStale whenStale) {
        return call(handler, caller, new RightsInterceptor(gate(database, whenStale)));
    }

    private static String call(String handler, Caller caller, RightsInterceptor interceptor) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(caller));
        try {
            assertThat(interceptor.preHandle(request, new MockHttpServletResponse(), handler(handler)))
                    .isTrue();
            return "200";
        } catch (Refusal refusal) {
            return refusal.problem().status().value() + " " + refusal.problem().code();
        }
    }

    private static HandlerMethod handler(String name) {
        try {
            return new HandlerMethod(new Handlers(), Handlers.class.getMethod(name));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Caller.SignedIn without(String role) {
        return caller(role, Set.of());
    }

    private static Caller.SignedIn caller(String role) {
        return caller(role, Set.of(new Permission("reports:read")));
    }

    private static Caller.SignedIn caller(String role, Set<Permission> permissions) {
        return new Caller.SignedIn(
                new UserId("user_ada"),
                new SessionId("session_1"),
                new OrganizationId("org_acme"),
                Set.of(new RoleSlug(role)),
                permissions,
                null);
    }

    private static final class Away extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("away", "08001");
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }
}
