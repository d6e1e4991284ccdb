package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DirectoryTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);
    private final OrganizationId acme = workos.createOrganization("Acme");
    private final Directory okta = workos.directory(acme, "Okta");

    @BeforeEach
    void later() {
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void aDirectoryIsLinkedInTheApiAndActiveInItsEvent() {
        workos.domains().add(acme, "Acme.test");
        Directory second = workos.directory(acme, "Entra");
        JsonNode shown = caller.get("/directories/" + second.id()).json();
        assertThat(shown.get("state").asString()).isEqualTo("linked");
        JsonNode told = data(workos.events().getLast());
        assertThat(workos.events().getLast().event()).isEqualTo("dsync.activated");
        assertThat(told.get("state").asString()).isEqualTo("active");
        assertThat(told.get("domains").get(0).get("domain").asString()).isEqualTo("acme.test");
        assertThat(fields(told))
                .contains("external_key", "organization_id", "created_at", "updated_at")
                .doesNotContain("domain", "metadata");
    }

    @Test
    void aPersonIsCreatedUpdatedAndDeletedWithTheShapesOfProduction() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup team = okta.addGroup("Team");
        okta.join(ada, team);
        okta.renameUser(ada, "Ada", "Lovelace");
        EventRecord updated = workos.events().getLast();
        assertThat(updated.event()).isEqualTo("dsync.user.updated");
        assertThat(data(updated).get("previous_attributes").get("last_name").asString())
                .isEqualTo("Osei");
        assertThat(fields(data(updated).get("previous_attributes")))
                .containsExactlyInAnyOrder("last_name", "name", "raw_attributes");
        assertThat(fields(data(updated))).doesNotContain("groups");
        assertThat(updated.organization()).isEqualTo(acme);

        JsonNode shown = caller.get("/directory_users/" + ada).json();
        assertThat(shown.get("name").asString()).isEqualTo("Ada Lovelace");
        assertThat(shown.get("groups").get(0).get("name").asString()).isEqualTo("Team");
        assertThat(shown.get("emails").get(0).get("value").asString()).isEqualTo("ada@acme.test");

        okta.removeUser(ada);
        assertThat(workos.events().getLast().event()).isEqualTo("dsync.user.deleted");
        assertThat(caller.get("/directory_users/" + ada).status()).isEqualTo(404);
        assertThat(workos.truth().of(Kind.DIRECTORY_GROUP_MEMBER)).isEmpty();
    }

    @Test
    void aFieldThatWasNotThereBeforeIsNullInThePreviousAttributes() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.changeRole(ada, new RoleSlug("admin"));
        JsonNode told = data(workos.events().getLast());
        assertThat(told.get("role").get("slug").asString()).isEqualTo("admin");
        assertThat(told.get("roles").get(0).get("slug").asString()).isEqualTo("admin");
        assertThat(told.get("previous_attributes").get("role").isNull()).isTrue();
    }

    @Test
    void nothingChangedIsNoEvent() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup team = okta.addGroup("Team");
        okta.join(ada, team);
        int before = workos.events().size();
        okta.renameUser(ada, "Ada", "Osei");
        okta.renameGroup(team, "Team");
        okta.join(ada, team);
        assertThat(workos.events()).hasSize(before);
    }

    @Test
    void joiningAndLeavingNameBothAndMoveNoTimestamp() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup team = okta.addGroup("Team");
        clock.advance(Duration.ofHours(1));
        okta.join(ada, team);
        okta.leave(ada, team);
        JsonNode left = data(workos.events().getLast());
        assertThat(workos.events().getLast().event()).isEqualTo("dsync.group.user_removed");
        assertThat(fields(left)).containsExactly("directory_id", "user", "group");
        assertThat(left.get("user").get("updated_at").asString()).isEqualTo("2026-11-21T10:01:00.000Z");
        assertThat(left.get("group").get("updated_at").asString()).isEqualTo("2026-11-21T10:01:00.000Z");
    }

    @Test
    void membersAreListedByGroupAndGroupsByMemberInPages() {
        DoubleId.DirectoryGroup team = okta.addGroup("Team");
        DoubleId.DirectoryGroup other = okta.addGroup("Other");
        List<String> people = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            DoubleId.DirectoryUser user = okta.addUser(NewDirectoryUser.named("u" + i + "@acme.test", "U", "X"));
            okta.join(user, team);
            people.add(user.value());
        }
        assertThat(walk("/directory_users?order=asc&group=" + team)).isEqualTo(people);
        assertThat(walk("/directory_users?directory=" + okta.id())).isEqualTo(people.reversed());
        assertThat(walk("/directory_users?group=" + other)).isEmpty();
        okta.join(new DoubleId.DirectoryUser(people.getFirst()), other);
        assertThat(walk("/directory_groups?order=asc&user=" + people.getFirst()))
                .containsExactly(team.value(), other.value());
        assertThat(walk("/directory_groups?directory=" + okta.id())).containsExactly(other.value(), team.value());
        assertThat(caller.get("/directory_users").status()).isEqualTo(422);
        assertThat(caller.get("/directory_users?directory=directory_none").status())
                .isEqualTo(404);
        assertThat(caller.get("/directories/" + okta.id())
                        .json()
                        .get("metadata")
                        .toString())
                .isEqualTo("{\"users\":{\"active\":25,\"inactive\":0},\"groups\":2}");
    }

    @Test
    void aDeletedGroupSaysNothingOfItsMembers() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup team = okta.addGroup("Team");
        okta.join(ada, team);
        int before = workos.events().size();
        okta.removeGroup(team);
        assertThat(since(before)).containsExactly("dsync.group.deleted");
        assertThat(caller.get("/directory_users/" + ada).json().get("groups")).isEmpty();
    }

    @Test
    void aDeletedDirectorySaysNothingOfItsPeopleAndGroups() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.join(ada, okta.addGroup("Team"));
        int before = workos.events().size();
        assertThat(caller.delete("/directories/" + okta.id()).status()).isEqualTo(202);
        assertThat(since(before)).containsExactly("dsync.deleted");
        JsonNode told = data(workos.events().getLast());
        assertThat(told.get("state").asString()).isEqualTo("active");
        assertThat(fields(told)).doesNotContain("external_key", "domains");
        assertThat(workos.truth().of(Kind.DIRECTORY_USER)).isEmpty();
        assertThat(workos.truth().of(Kind.DIRECTORY_GROUP)).isEmpty();
        assertThat(caller.get("/directory_users/" + ada).status()).isEqualTo(404);
    }

    @Test
    void whoIsSwitchedOffIsDeletedAndComesBackAsSomebodyNew() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.deactivateUser(ada);
        assertThat(workos.events().getLast().event()).isEqualTo("dsync.user.deleted");
        assertThat(data(workos.events().getLast()).get("state").asString()).isEqualTo("active");
        assertThat(okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei")))
                .isNotEqualTo(ada);
    }

    @Test
    void anOldEnvironmentKeepsWhoIsSwitchedOff() {
        try (WorkOsDouble old = WorkOsDouble.start(DoubleSettings.builder()
                        .inactiveUsers(DoubleSettings.InactiveUsers.KEPT)
                        .build());
                Caller asking = new Caller(old)) {
            Directory entra = old.directory(old.createOrganization("Acme"), "Entra");
            DoubleId.DirectoryUser ada = entra.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
            entra.deactivateUser(ada);
            assertThat(data(old.events().getLast()).get("previous_attributes").toString())
                    .isEqualTo("{\"state\":\"active\"}");
            assertThat(asking.get("/directories/" + entra.id())
                            .json()
                            .get("metadata")
                            .get("users")
                            .toString())
                    .isEqualTo("{\"active\":0,\"inactive\":1}");
            entra.reactivateUser(ada);
            assertThat(old.events().getLast().event()).isEqualTo("dsync.user.updated");
        }
    }

    @Test
    void nobodyJoinsAGroupOfAnotherDirectory() {
        Directory entra = workos.directory(acme, "Entra");
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup team = entra.addGroup("Team");
        assertThatThrownBy(() -> okta.join(ada, team))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("400");
    }

    @Test
    void anOrganizationTakesItsDirectoriesAlongEachWithOneEvent() {
        okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        workos.domains().add(acme, "acme.test");
        int before = workos.events().size();
        workos.deleteOrganization(acme);
        assertThat(since(before))
                .containsExactly("organization_domain.deleted", "dsync.deleted", "organization.deleted");
        assertThat(workos.truth().objects().values().stream()
                        .flatMap(List::stream)
                        .map(ObjectRecord::kind))
                .containsOnly(Kind.ROLE, Kind.PERMISSION);
    }

    private List<String> walk(String path) {
        List<String> seen = new ArrayList<>();
        for (String next = path; next != null; ) {
            JsonNode page = caller.get(next).json();
            page.get("data").forEach(item -> seen.add(item.get("id").asString()));
            JsonNode after = page.get("list_metadata").get("after");
            next = after.isNull() ? null : path + "&after=" + after.asString();
        }
        return seen;
    }

    private List<String> since(int count) {
        return workos.events().stream().skip(count).map(EventRecord::event).toList();
    }

    private static JsonNode data(EventRecord event) {
        return Json.parse(event.dataJson());
    }

    private static List<String> fields(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
