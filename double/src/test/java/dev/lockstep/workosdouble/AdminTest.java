package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AdminTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void theDoorNeedsTheKey() {
        assertThat(caller.browse("/_double/truth").status()).isEqualTo(401);
        assertThat(caller.browse("/_double/state").status()).isEqualTo(401);
    }

    @Test
    void aDirectoryIsDrivenOverHttpEndToEnd() {
        OrganizationId acme = workos.createOrganization("Acme");
        String directory = caller.post(
                        "/_double/directories", "{\"organization_id\":\"" + acme + "\",\"name\":\"Okta\"}")
                .json()
                .get("id")
                .asString();
        String user = caller.post(
                        "/_double/directories/" + directory + "/users",
                        "{\"email\":\"ada@acme.test\",\"first_name\":\"Ada\",\"custom_attributes\":{\"desk\":\"7\"}}")
                .json()
                .get("id")
                .asString();
        String group = caller.post("/_double/directories/" + directory + "/groups", "{\"name\":\"Team\"}")
                .json()
                .get("id")
                .asString();
        String member = "/_double/directory_groups/" + group + "/users/" + user;
        assertThat(caller.put(member, "").status()).isEqualTo(204);
        assertThat(caller.send(caller.keyed("/_double/directory_users/" + user)
                                .method("PATCH", Caller.text("{\"job_title\":\"Pilot\"}")))
                        .json()
                        .get("job_title")
                        .asString())
                .isEqualTo("Pilot");
        assertThat(caller.send(caller.keyed("/_double/directory_users/" + user)
                                .method("PATCH", Caller.text("{\"id\":\"other\"}")))
                        .status())
                .isEqualTo(422);
        assertThat(caller.delete(member).status()).isEqualTo(204);
        assertThat(caller.delete("/_double/directory_users/" + user).status()).isEqualTo(204);
        assertThat(caller.delete("/_double/directory_groups/" + group).status()).isEqualTo(204);
        assertThat(workos.events().stream().map(EventRecord::event))
                .containsExactly(
                        "organization.created",
                        "dsync.activated",
                        "dsync.user.created",
                        "dsync.group.created",
                        "dsync.group.user_added",
                        "dsync.user.updated",
                        "dsync.group.user_removed",
                        "dsync.user.deleted",
                        "dsync.group.deleted");
    }

    @Test
    void whatTheDashboardDoesIsThereOverHttpToo() {
        OrganizationId acme = workos.createOrganization("Acme");
        String domain = workos.domains().add(acme, "acme.test").value();
        assertThat(caller.post("/_double/organization_domains/" + domain + "/verify", "")
                        .status())
                .isEqualTo(204);
        String connection = caller.post(
                        "/_double/connections", "{\"organization_id\":\"" + acme + "\",\"name\":\"Okta\"}")
                .json()
                .get("id")
                .asString();
        caller.post("/_double/connections/" + connection + "/activate", "");
        String flag = caller.post("/_double/feature-flags", "{\"slug\":\"beta\"}")
                .json()
                .get("id")
                .asString();
        caller.delete("/_double/feature-flags/" + flag);
        assertThat(caller.post("/_double/events", "{\"event\":\"vault.data.created\",\"data\":{\"name\":\"k\"}}")
                        .status())
                .isEqualTo(202);
        assertThat(workos.events().stream().map(EventRecord::event))
                .endsWith(
                        "organization_domain.updated",
                        "organization_domain.verified",
                        "connection.activated",
                        "flag.created",
                        "flag.deleted",
                        "vault.data.created");
    }

    @Test
    void theClockIsSetOverHttp() {
        JsonNode state = caller.post(
                        "/_double/clock", "{\"now\":\"2027-01-01T00:00:00Z\",\"advance\":\"PT90M\",\"frozen\":true}")
                .json();
        assertThat(state.get("now").asString()).isEqualTo("2027-01-01T01:30:00.000Z");
        clock.advance(Duration.ofHours(1));
        assertThat(caller.get("/_double/state").json().get("now").asString()).isEqualTo("2027-01-01T01:30:00.000Z");
        assertThat(caller.post("/_double/clock", "{\"advance\":\"soon\"}").status())
                .isEqualTo(422);
    }

    @Test
    void faultsAreArmedShownAndHealedOverHttpEvenInTheDark() {
        caller.post(
                "/_double/faults",
                "{\"fault\":{\"kind\":\"status\",\"path\":\"/organizations\",\"status\":429,\"retry_after\":\"PT7S\"},\"count\":2}");
        JsonNode shown = caller.post("/_double/faults", "{\"fault\":{\"kind\":\"drop\"},\"rate\":0.01,\"seed\":42}")
                .json();
        assertThat(shown.get("armed")).hasSize(2);
        assertThat(shown.get("armed").get(1).get("rate").asDouble()).isEqualTo(0.01);
        assertThat(caller.get("/organizations").headers()).containsEntry("retry-after", "7");
        for (String wrong : List.of(
                "{}",
                "{\"fault\":{\"kind\":\"meteor\"}}",
                "{\"fault\":{\"kind\":\"delay\"}}",
                "{\"fault\":{\"kind\":\"poison\",\"type_prefix\":\"\",\"damage\":\"LOUD\"}}")) {
            assertThat(caller.post("/_double/faults", wrong).status()).as(wrong).isEqualTo(400);
        }
        caller.post("/_double/dark", "{}");
        assertThat(caller.get("/_double/faults").json().get("dark").asBoolean()).isTrue();
        assertThat(caller.delete("/_double/faults").json().get("armed")).isEmpty();
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @Test
    void everyFaultSurvivesTheWayOverHttp() {
        List<Fault> all = List.of(
                new Fault.Drop(),
                new Fault.Duplicate(2),
                new Fault.Delay(Duration.ofHours(1)),
                new Fault.Hold(3, Fault.Hold.Release.SHUFFLED),
                new Fault.WrongSignature(),
                new Fault.Skew(Duration.ofMinutes(-5)),
                new Fault.CutWebhook(),
                new Fault.Status("/x", 500, null),
                new Fault.Hang("/x", Duration.ofSeconds(1)),
                new Fault.SlowBody("/x", Duration.ofSeconds(1)),
                new Fault.CutBody("/x"),
                new Fault.Drift("/x", Fault.Drift.Way.SKIPPED),
                new Fault.Poison("x", Fault.Poison.Damage.EMPTY),
                new Fault.UnknownEvent("x"),
                new Fault.UnknownField("x"),
                new Fault.OddTime("x", Fault.OddTime.Spelling.OFFSET));
        for (Fault fault : all) {
            ArmedFault.Shown shown = ArmedFault.next(fault, 1).shown();
            assertThat(Json.read(Json.write(shown), ArmedFault.Shown.class)).isEqualTo(shown);
        }
    }

    @Test
    void aResetLeavesANewEnvironmentWithTheOldKeys(@TempDir Path folder) {
        DoubleSettings settings =
                DoubleSettings.builder().clock(clock).folder(folder).build();
        String key;
        try (WorkOsDouble kept = WorkOsDouble.start(settings);
                Caller asking = new Caller(kept)) {
            key = kept.apiKey();
            kept.seedDemo();
            kept.directory(kept.truth().organizations().getFirst().id(), "Okta");
            kept.faults().failNext("/", 500, 9);
            assertThat(asking.post("/_double/reset", "").status()).isEqualTo(200);
            assertThat(asking.get("/user_management/users").json().get("data")).isEmpty();
            assertThat(kept.events()).isEmpty();
            assertThat(kept.truth().of(Kind.ROLE)).hasSize(4);
            kept.createOrganization("Afterwards");
        }
        try (WorkOsDouble kept = WorkOsDouble.start(settings)) {
            assertThat(kept.apiKey()).isEqualTo(key);
            assertThat(kept.truth().users()).isEmpty();
            assertThat(kept.truth().organizations()).hasSize(1);
            kept.seedDemo();
            assertThat(kept.truth().users()).hasSize(4);
        }
    }

    @Test
    void objectsSurviveARestartFromTheFolder(@TempDir Path folder) {
        DoubleSettings settings = DoubleSettings.builder().folder(folder).build();
        TruthSnapshot truth;
        try (WorkOsDouble kept = WorkOsDouble.start(settings)) {
            OrganizationId acme = kept.createOrganization("Acme");
            Directory okta = kept.directory(acme, "Okta");
            okta.join(okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei")), okta.addGroup("Team"));
            kept.domains().add(acme, "acme.test");
            truth = kept.truth();
        }
        try (WorkOsDouble kept = WorkOsDouble.start(settings)) {
            assertThat(kept.truth()).isEqualTo(truth);
        }
    }

    @Test
    void aCrowdIsMadeOverHttpWithItsEvents() {
        JsonNode state = caller.post("/_double/population", "{\"users\":2500,\"organizations\":10}")
                .json();
        assertThat(state.get("events").asInt()).isEqualTo(5010);
        assertThat(workos.truth().users()).hasSize(2500);
        String organization = workos.truth().organizations().getFirst().id().value();
        assertThat(caller.get("/user_management/users?limit=100&organization_id=" + organization)
                        .json()
                        .get("data"))
                .hasSize(100);
        assertThat(caller.get("/_double/truth?kind=role").json().get("data")).hasSize(4);
        assertThat(caller.get("/_double/truth").json().get("users")).hasSize(2500);
        assertThat(caller.post(
                                "/_double/sessions",
                                "{\"user_id\":\""
                                        + workos.truth().users().getFirst().id() + "\"}")
                        .status())
                .isEqualTo(201);
    }
}
