package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.DefaultRole;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.OwnRows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PersonTest {
    private static final AccountId ACCOUNT = new AccountId(UUID.fromString("0190b2c4-7a11-7000-8000-000000000001"));
    private static final OrganizationId ACME = new OrganizationId("org_acme");

    private static OpenSession session(String user, Set<String> roles) {
        var token = new AccessToken(
                new UserId("user_ada"),
                new SessionId("session_1"),
                ACME,
                roles.stream().map(RoleSlug::new).collect(Collectors.toSet()),
                Set.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of(),
                List.of(),
                null,
                Map.of());
        return new OpenSession(
                new SealedSession("a", "r", UserJson.parse(user).orElseThrow(), null, "Password", ACME), token);
    }

    @Test
    void theCallerHasIdsNamesOrganizationAndRole() {
        Person ada = Person.of(
                session(
                        "{\"id\":\"user_ada\",\"email\":\"ada@acme.test\",\"firstName\":\"Ada\",\"lastName\":\"Osei\"}",
                        Set.of("member", "admin", "editor")),
                ACCOUNT);
        assertThat(ada.account()).isEqualTo(ACCOUNT);
        assertThat(ada.user()).isEqualTo(new UserId("user_ada"));
        assertThat(ada.email()).isEqualTo("ada@acme.test");
        assertThat(ada.firstName() + " " + ada.lastName()).isEqualTo("Ada Osei").isEqualTo(ada.displayName());
        assertThat(ada.organizationId()).isEqualTo(ACME);
        assertThat(ada.role()).contains(DefaultRole.ADMIN);
        assertThat(ada).hasToString("Person[user_ada in org_acme]");
    }

    @Test
    void whoHasNoNameIsShownByTheirAddressAndElseByTheirId() {
        assertThat(Person.of(session("{\"id\":\"user_ada\",\"email\":\"ada@acme.test\"}", Set.of()), null)
                        .displayName())
                .isEqualTo("ada@acme.test");
        assertThat(Person.of(session("{\"id\":\"user_ada\"}", Set.of()), null).displayName())
                .isEqualTo("user_ada");
    }

    @Test
    void theFourRolesAreAViewOverTheSlugsAndAnUnknownSlugIsNone() {
        assertThat(DefaultRole.of(slugs("viewer", "owner", "member"))).contains(DefaultRole.OWNER);
        assertThat(DefaultRole.of(slugs("viewer", "billing"))).contains(DefaultRole.VIEWER);
        assertThat(DefaultRole.of(slugs("billing", "Owner", "org-admin"))).isEmpty();
        assertThat(DefaultRole.of(List.of())).isEmpty();
        for (DefaultRole role : DefaultRole.values()) {
            assertThat(DefaultRole.of(List.of(role.slug()))).contains(role);
            assertThat(DefaultRole.OWNER.isAtLeast(role)).isTrue();
            assertThat(role.isAtLeast(DefaultRole.VIEWER)).isTrue();
        }
        assertThat(DefaultRole.MEMBER.isAtLeast(DefaultRole.ADMIN)).isFalse();
    }

    @Test
    void anOrganizationWithTwoMembershipsForAMomentIsListedOnce() {
        var acme = new OwnRows.Organization(ACME, "Acme", "acme", null, null);
        var rows = new OwnRows.Rows(
                ACCOUNT, List.of(membership("om_1", acme, "owner", "x"), membership("om_2", acme, "billing")));
        Map<String, Object> view = MeView.of(session("{\"id\":\"user_ada\"}", Set.of("owner")), rows, "csrf");
        assertThat(view.get("organizations"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);
        assertThat(view.get("memberships").toString())
                .contains("id=om_1", "role=OWNER, roles=[owner, x]", "id=om_2", "role=null, roles=[billing]");
        assertThat(view).containsEntry("role", "OWNER");
    }

    @Test
    void aDatabaseThatIsAwayLeavesTheRowsUnsaidAndTheSessionWhole() {
        Map<String, Object> view = MeView.of(session("{\"id\":\"user_ada\"}", Set.of("owner")), null, "csrf");
        assertThat(view)
                .containsEntry("memberships", null)
                .containsEntry("organizations", null)
                .containsEntry("sessionId", "session_1")
                .containsEntry("csrfToken", "csrf");
        assertThat(view.get("user").toString()).contains("id=user_ada", "accountId=null");
    }

    private static OwnRows.Membership membership(String id, OwnRows.Organization organization, String... roles) {
        return new OwnRows.Membership(new MembershipId(id), organization, "active", Set.copyOf(slugs(roles)), null);
    }

    private static List<RoleSlug> slugs(String... slugs) {
        return java.util.Arrays.stream(slugs).map(RoleSlug::new).toList();
    }
}
