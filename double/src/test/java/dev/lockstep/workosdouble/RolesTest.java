package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RolesTest {
    private static final String ROLES = "/authorization/roles";

    private final WorkOsDouble workos = WorkOsDouble.start(DoubleSettings.defaults());
    private final Caller caller = new Caller(workos);

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void aNewEnvironmentHasRolesThatNobodyWasToldOf() {
        JsonNode roles = caller.get(ROLES).json();
        assertThat(slugs(roles)).containsExactly("admin", "member", "owner", "viewer");
        assertThat(roles.has("list_metadata")).isFalse();
        assertThat(workos.events()).isEmpty();
        assertThat(caller.get("/authorization/permissions?limit=100").json().get("data"))
                .hasSize(5);
    }

    @Test
    void theEventOfARoleHasNeitherIdNorName() {
        JsonNode made =
                caller.post(ROLES, "{\"slug\":\"editor\",\"name\":\"Editor\"}").json();
        assertThat(made.get("id").asString()).startsWith("role_");
        assertThat(made.get("type").asString()).isEqualTo("EnvironmentRole");
        EventRecord told = workos.events().getLast();
        assertThat(told.event()).isEqualTo("role.created");
        assertThat(fields(told))
                .containsExactly("object", "slug", "resource_type_slug", "permissions", "created_at", "updated_at");
    }

    @Test
    void theRolesOfAnOrganizationStandBesideThoseOfTheEnvironment() {
        OrganizationId acme = workos.createOrganization("Acme");
        String base = "/authorization/organizations/" + acme + "/roles";
        assertThat(caller.post(base, "{\"slug\":\"pilot\",\"name\":\"Pilot\"}").status())
                .isEqualTo(422);
        assertThat(caller.post(base, "{\"name\":\"Pilot\"}").json().get("slug").asString())
                .isEqualTo("org-pilot");
        assertThat(caller.post(base, "{\"slug\":\"org-pilot\",\"name\":\"Pilot\"}")
                        .status())
                .isEqualTo(409);
        assertThat(slugs(caller.get(base).json())).containsExactly("admin", "member", "owner", "viewer", "org-pilot");
        assertThat(caller.get(base + "/owner").status()).isEqualTo(200);
        EventRecord told = workos.events().getLast();
        assertThat(told.event()).isEqualTo("organization_role.created");
        assertThat(told.organization()).isEqualTo(acme);
        assertThat(fields(told)).contains("organization_id", "name").doesNotContain("id", "type");
    }

    @Test
    void permissionsAreSetAddedAndTakenAndShowInTokens() {
        UserId ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        OrganizationId acme = workos.createOrganization("Acme");
        workos.addMember(ada, acme, new RoleSlug("viewer"));
        assertThat(caller.post("/authorization/permissions", "{\"slug\":\"rockets:fly\",\"name\":\"Fly\"}")
                        .status())
                .isEqualTo(201);
        assertThat(caller.put(ROLES + "/viewer/permissions", "{\"permissions\":[\"rockets:fly\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(caller.post(ROLES + "/viewer/permissions", "{\"slug\":\"members:read\"}")
                        .json()
                        .get("permissions")
                        .toString())
                .isEqualTo("[\"members:read\",\"rockets:fly\"]");
        assertThat(caller.put(ROLES + "/viewer/permissions", "{\"permissions\":[\"no:such\"]}")
                        .status())
                .isEqualTo(404);
        assertThat(permissions(workos.signIn(ada, acme))).containsExactly("members:read", "rockets:fly");
        workos.permissions().delete(new Permission("rockets:fly"));
        assertThat(permissions(workos.signIn(ada, acme))).containsExactly("members:read");
        assertThat(workos.events().stream().map(EventRecord::event)).contains("permission.deleted", "role.updated");
    }

    @Test
    void aDeletedRoleLeavesItsHoldersTheDefaultOneAndItsSlugMayComeBack() {
        UserId ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        OrganizationId acme = workos.createOrganization("Acme");
        RoleSlug pilot = new RoleSlug("org-pilot");
        workos.roles().create(acme, pilot, "Pilot", List.of());
        workos.addMember(ada, acme, pilot);
        String before = role(acme, pilot);
        caller.delete("/authorization/organizations/" + acme + "/roles/org-pilot");
        assertThat(workos.events().stream().map(EventRecord::event).toList().reversed())
                .startsWith("organization_membership.updated", "organization_role.deleted");
        assertThat(workos.truth().memberships().getFirst().role()).isEqualTo(Roles.DEFAULT);
        workos.roles().create(acme, pilot, "Pilot", List.of());
        assertThat(role(acme, pilot)).isNotEqualTo(before);
    }

    @Test
    void aMembershipOverTheApiNeedsARoleThatExists() {
        UserId ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        OrganizationId acme = workos.createOrganization("Acme");
        String path = "/user_management/organization_memberships";
        String body = "{\"user_id\":\"" + ada + "\",\"organization_id\":\"" + acme + "\",\"role_slug\":\"%s\"}";
        assertThat(caller.post(path, body.formatted("astronaut")).status()).isEqualTo(422);
        assertThat(caller.post(path, body.formatted("viewer")).status()).isEqualTo(201);
    }

    private String role(OrganizationId organization, RoleSlug slug) {
        return caller.get("/authorization/organizations/" + organization + "/roles/" + slug)
                .json()
                .get("id")
                .asString();
    }

    private static List<String> permissions(SignedIn signedIn) {
        String claims = new String(
                java.util.Base64.getUrlDecoder().decode(signedIn.accessToken().split("\\.")[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        Json.parse(claims).get("permissions").forEach(each -> found.add(each.asString()));
        return found;
    }

    private static List<String> slugs(JsonNode list) {
        List<String> slugs = new ArrayList<>();
        list.get("data").forEach(role -> slugs.add(role.get("slug").asString()));
        return slugs;
    }

    private static List<String> fields(EventRecord event) {
        return Json.parse(event.dataJson()).properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }
}
