package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.authentication.SessionsApi;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UserChange;
import dev.lockstep.workos.user.UsersApi;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the calls for users, organizations, memberships, sessions and keys send, and what they make of answers. */
class ObjectCallsTest {
    private static final UserId USER = new UserId("user_1");

    private FakeWorkOs workos;
    private WorkOsClient client;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void aWalkOverUsersGoesOldestFirstAndEndsWhereWorkOsNamesNoCursor() {
        workos.answers(200, list("{\"id\":\"user_1\"},{\"id\":\"user_2\"}", "\"user_2\""))
                .answers(200, list("{\"id\":\"user_3\"}", "null"));
        UsersApi users = new UsersApi(client);

        Page<WorkOsUser> first = users.page(null);
        Page<WorkOsUser> second = users.page(first.next().orElseThrow());

        assertThat(first.items()).extracting(WorkOsUser::id).containsExactly(USER, new UserId("user_2"));
        assertThat(first.fetchStartedAt()).isEqualTo("2026-11-21T10:00:00Z");
        assertThat(second.next()).isEmpty();
        assertThat(asked())
                .containsExactly(
                        "GET /user_management/users?limit=100&order=asc",
                        "GET /user_management/users?limit=100&order=asc&after=user_2");
    }

    @Test
    void anObjectThatCannotBeReadIsReportedAndTheOthersAreKept() {
        workos.answers(
                200,
                list(
                        "{\"id\":\"user_1\"},{\"email\":\"ada@acme.test\"},{\"id\":\"user_3\",\"x\":\"\\u0000\"}",
                        "null"));

        Page<WorkOsUser> page = new UsersApi(client).page(null);

        assertThat(page.items()).hasSize(1);
        assertThat(page.unreadable()).hasSize(2).noneMatch(reason -> reason.contains("ada"));
    }

    @Test
    void aUserIsChangedOnlyInWhatTheChangeNames() {
        workos.answers(200, "{\"id\":\"user_1\",\"first_name\":\"Ada\"}");

        WorkOsUser user = new UsersApi(client)
                .update(USER, UserChange.nothing().firstName("Ada").lastName(null));

        assertThat(user.firstName()).isEqualTo("Ada");
        assertThat(asked()).containsExactly("PUT /user_management/users/user_1");
        assertThat(workos.asked().getFirst().body()).isEqualTo("{\"first_name\":\"Ada\",\"last_name\":null}");
        assertThat(UserChange.nothing().firstName("Ada").externalId("x"))
                .hasToString("UserChange[first_name, external_id]");
    }

    @Test
    void singleObjectsAreFoundByTheirId() {
        workos.answers(200, "{\"id\":\"user_1\"}")
                .answers(200, "{\"id\":\"org_1\",\"name\":\"Acme\",\"allow_profiles_outside_organization\":true}")
                .answers(
                        200,
                        "{\"id\":\"om_1\",\"user_id\":\"user_1\",\"organization_id\":\"org_1\",\"organization_name\":\"Acme\"}");

        assertThat(new UsersApi(client).find(USER)).isPresent();
        assertThat(new OrganizationsApi(client)
                        .find(new OrganizationId("org_1"))
                        .orElseThrow()
                        .allowProfilesOutsideOrganization())
                .isTrue();
        WorkOsMembership membership =
                new MembershipsApi(client).find(new MembershipId("om_1")).orElseThrow();
        assertThat(membership.organizationName()).isEqualTo("Acme");
        assertThat(membership.isActive())
                .as("a membership without a status gives no rights")
                .isFalse();
        assertThat(asked())
                .containsExactly(
                        "GET /user_management/users/user_1",
                        "GET /organizations/org_1",
                        "GET /user_management/organization_memberships/om_1");
    }

    @Test
    void membershipsAreAskedForWithinOneScopeAndWithTheirStatuses() {
        workos.answers(200, list("", "null")).answers(200, list("", "null")).answers(200, list("", "null"));
        MembershipsApi memberships = new MembershipsApi(client);

        memberships.ofUser(USER, List.of("active"), null);
        memberships.ofOrganization(new OrganizationId("org_1"), MembershipsApi.EVERY_STATUS, "om_9");
        new OrganizationsApi(client).page(null);

        assertThat(asked())
                .containsExactly(
                        "GET /user_management/organization_memberships?user_id=user_1&statuses=active&limit=100&order=asc",
                        "GET /user_management/organization_memberships?organization_id=org_1"
                                + "&statuses=active%2Cinactive%2Cpending&limit=100&order=asc&after=om_9",
                        "GET /organizations?limit=100&order=asc");
        assertThatIllegalArgumentException().isThrownBy(() -> memberships.ofUser(USER, List.of(), null));
    }

    @Test
    void aSessionIsRevokedAlsoWhenTheFirstTryIsLostAndAnUnknownOneIsOverAnyway() {
        workos.hangsUp().answers(200, "{}").answers(404, "{\"code\":\"entity_not_found\"}");
        SessionsApi sessions = new SessionsApi(client);

        assertThat(sessions.revoke(new SessionId("session_1"))).isTrue();
        assertThat(sessions.revoke(new SessionId("session_2"))).isFalse();
        assertThat(asked()).containsOnly("POST /user_management/sessions/revoke");
        assertThat(workos.asked().getFirst().body()).isEqualTo("{\"session_id\":\"session_1\"}");
    }

    @Test
    void sessionsAreListedPerUserAndKeysPerClient() {
        workos.answers(200, list("{\"id\":\"session_1\",\"user_id\":\"user_1\"}", "null"))
                .answers(200, "{\"keys\":[]}");

        assertThat(new SessionsApi(client).page(USER, null).items().getFirst().userId())
                .isEqualTo(USER);
        assertThat(new SigningKeysApi(client).document()).isEqualTo("{\"keys\":[]}");
        assertThat(asked())
                .containsExactly(
                        "GET /user_management/users/user_1/sessions?limit=100&order=asc", "GET /sso/jwks/client_test");
    }

    private List<String> asked() {
        return workos.asked().stream()
                .map(asked -> asked.method() + " " + asked.path() + (asked.query() == null ? "" : "?" + asked.query()))
                .toList();
    }

    private static String list(String items, String after) {
        return "{\"object\":\"list\",\"data\":[" + items + "],\"list_metadata\":{\"before\":null,\"after\":" + after
                + "}}";
    }
}
