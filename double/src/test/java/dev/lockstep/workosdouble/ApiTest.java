package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ApiTest {
    private static final String MEMBERSHIPS = "/user_management/organization_memberships";

    private final WorkOsDouble workos = WorkOsDouble.start(DoubleSettings.defaults());
    private final Caller caller = new Caller(workos);

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void nothingIsAnsweredWithoutTheKey() {
        for (String path : List.of("/user_management/users", "/organizations", "/events?events=user.created")) {
            assertThat(caller.browse(path).status()).as(path).isEqualTo(401);
            assertThat(caller.send(caller.bare(path)
                                    .header("Authorization", "Bearer sk_wrong")
                                    .GET())
                            .json()
                            .get("message")
                            .asString())
                    .isEqualTo("Unauthorized");
        }
    }

    @Test
    void aUserIsCreatedReadChangedAndDeleted() {
        Caller.Answer created = caller.post("/user_management/users", """
                {"email":"zoe@example.test","first_name":"Zoe","metadata":{"team":"blue"},"external_id":"7"}""");
        assertThat(created.status()).isEqualTo(201);
        String path = "/user_management/users/" + created.json().get("id").asString();
        assertThat(created.json().get("email_verified").asBoolean()).isFalse();

        JsonNode changed = caller.put(path, """
                        {"last_name":"Lind","first_name":null,"metadata":{"team":null,"floor":"3"}}""").json();
        assertThat(changed.get("first_name").isNull()).isTrue();
        assertThat(changed.get("last_name").asString()).isEqualTo("Lind");
        assertThat(changed.get("external_id").asString()).isEqualTo("7");
        assertThat(changed.get("metadata").toString()).isEqualTo("{\"floor\":\"3\"}");
        assertThat(caller.get(path).json()).isEqualTo(changed);

        assertThat(caller.delete(path).status()).isEqualTo(204);
        Caller.Answer gone = caller.get(path);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().get("code").asString()).isEqualTo("entity_not_found");
        assertThat(gone.json().get("entity_id").asString())
                .isEqualTo(created.json().get("id").asString());
        assertThat(caller.delete(path).status()).isEqualTo(404);
    }

    @Test
    void instantsAlwaysCarryThreeDecimals() {
        String user = caller.post("/user_management/users", "{\"email\":\"zoe@example.test\"}")
                .json()
                .get("created_at")
                .asString();
        assertThat(user).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void anAddressCanBelongToOneUserOnlyWhateverItsCase() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.createUser(NewUser.named("mia@example.test", "Mia", "Lind"));
        assertThat(caller.post("/user_management/users", "{\"email\":\"ZOE@example.test\"}")
                        .status())
                .isEqualTo(422);
        assertThat(caller.put("/user_management/users/" + zoe, "{\"email\":\"mia@example.test\"}")
                        .status())
                .isEqualTo(422);
        assertThat(caller.put("/user_management/users/" + zoe, "{\"email\":\"Zoe@example.test\"}")
                        .status())
                .isEqualTo(200);
        assertThat(caller.get("/user_management/users?email=zoe%40EXAMPLE.test")
                        .json()
                        .get("data"))
                .hasSize(1);
    }

    @Test
    void wrongBodiesAreRefusedWithTheField() {
        Caller.Answer missing = caller.post("/user_management/users", "{}");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.json().get("errors").get(0).get("field").asString()).isEqualTo("email");
        assertThat(caller.post("/user_management/users", "{\"email\":5}").status())
                .isEqualTo(422);
        assertThat(caller.post("/user_management/users", "[]").status()).isEqualTo(400);
        assertThat(caller.post("/user_management/users", "{nonsense").status()).isEqualTo(400);
        assertThat(caller.post("/user_management/users", "x".repeat((1 << 20) + 1))
                        .status())
                .isEqualTo(413);
        assertThat(caller.get("/no/such/thing").status()).isEqualTo(404);
    }

    @Test
    void anIdThatNobodyCanHaveIsRefusedAndNotAnError() {
        String endless = "x".repeat(300);
        assertThat(caller.get("/user_management/users/" + endless).status()).isEqualTo(422);
        assertThat(caller.get("/events?events=user.created&after=" + endless).status())
                .isEqualTo(422);
        assertThat(caller.get("/organizations?after=%20").status()).isEqualTo(422);
    }

    @Test
    void pagesFollowTheirCursorsInBothDirectionsAndMissNothing() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            made.add(workos.createUser(NewUser.named("u" + i + "@example.test", "U", "X"))
                    .value());
        }
        List<String> forward = walk("/user_management/users?limit=10&order=asc");
        assertThat(forward).isEqualTo(made);
        assertThat(walk("/user_management/users?limit=10")).isEqualTo(made.reversed());

        JsonNode second = caller.get("/user_management/users?limit=10&order=asc&after=" + made.get(9))
                .json();
        assertThat(second.get("list_metadata").get("before").asString()).isEqualTo(made.get(10));
        JsonNode back = caller.get("/user_management/users?limit=10&order=asc&before=" + made.get(10))
                .json();
        assertThat(ids(back)).isEqualTo(made.subList(0, 10));
        assertThat(back.get("list_metadata").get("before").isNull()).isTrue();
    }

    @Test
    void limitsOutsideOneToAHundredAreRefused() {
        for (String limit : List.of("0", "101", "abc", "-1")) {
            assertThat(caller.get("/organizations?limit=" + limit).status())
                    .as(limit)
                    .isEqualTo(422);
        }
        assertThat(caller.get("/organizations?order=sideways").status()).isEqualTo(422);
        assertThat(caller.get("/organizations?before=org_1&after=org_2").status())
                .isEqualTo(422);
    }

    @Test
    void membershipsAreListedByUserOrOrganizationAndActiveOnesUnlessAskedOtherwise() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        OrganizationId second = workos.createOrganization("Second");
        String inFirst = caller.post(
                        MEMBERSHIPS, Json.write(Map.of("user_id", zoe, "organization_id", first, "role_slug", "admin")))
                .json()
                .get("id")
                .asString();
        MembershipId inSecond = workos.addMember(zoe, second, new RoleSlug("member"));
        assertThat(caller.get(MEMBERSHIPS).status()).isEqualTo(422);

        JsonNode shown = caller.get(MEMBERSHIPS + "/" + inFirst).json();
        assertThat(shown.get("role").get("slug").asString()).isEqualTo("admin");
        assertThat(shown.get("organization_name").asString()).isEqualTo("First");
        assertThat(shown.get("user").get("id").asString()).isEqualTo(zoe.value());

        assertThat(caller.put(MEMBERSHIPS + "/" + inFirst + "/deactivate", "").status())
                .isEqualTo(200);
        assertThat(ids(caller.get(MEMBERSHIPS + "?user_id=" + zoe).json())).containsExactly(inSecond.value());
        assertThat(ids(caller.get(MEMBERSHIPS + "?order=asc&statuses=active,inactive&user_id=" + zoe)
                        .json()))
                .containsExactly(inFirst, inSecond.value());
        assertThat(ids(caller.get(MEMBERSHIPS + "?statuses[]=inactive&organization_id=" + first)
                        .json()))
                .containsExactly(inFirst);
        assertThat(caller.get(MEMBERSHIPS + "?statuses=weird&user_id=" + zoe).status())
                .isEqualTo(422);

        assertThat(caller.put(MEMBERSHIPS + "/" + inFirst + "/reactivate", "")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("active");
        assertThat(caller.put(MEMBERSHIPS + "/" + inFirst, "{\"role_slug\":\"viewer\"}")
                        .json()
                        .get("role")
                        .get("slug")
                        .asString())
                .isEqualTo("viewer");
        assertThat(caller.delete(MEMBERSHIPS + "/" + inFirst).status()).isEqualTo(204);
        assertThat(ids(caller.get("/user_management/users?organization_id=" + second)
                        .json()))
                .containsExactly(zoe.value());
        assertThat(ids(caller.get("/user_management/users?organization_id=" + first)
                        .json()))
                .isEmpty();
    }

    @Test
    void nobodyIsAMemberTwice() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        workos.addMember(zoe, first, new RoleSlug("member"));
        assertThatThrownBy(() -> workos.addMember(zoe, first, new RoleSlug("owner")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("422");
        assertThatThrownBy(() -> workos.addMember(zoe, new OrganizationId("org_none"), new RoleSlug("owner")))
                .hasMessageContaining("404");
    }

    @Test
    void organizationsAreCreatedChangedAndDeleted() {
        JsonNode made = caller.post("/organizations", "{\"name\":\"First\"}").json();
        String path = "/organizations/" + made.get("id").asString();
        assertThat(made.get("allow_profiles_outside_organization").asBoolean()).isFalse();
        assertThat(caller.put(path, "{\"name\":\"Prime\"}").json().get("name").asString())
                .isEqualTo("Prime");
        assertThat(ids(caller.get("/organizations").json()))
                .containsExactly(made.get("id").asString());
        assertThat(caller.delete(path).status()).isEqualTo(202);
        assertThat(caller.get(path).status()).isEqualTo(404);
    }

    @Test
    void sessionsOfAUserAreThoseStillAlive() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        SignedIn old = workos.signIn(zoe, null);
        SignedIn current = workos.signIn(zoe, null);
        workos.revokeSession(old.session());
        JsonNode sessions =
                caller.get("/user_management/users/" + zoe + "/sessions").json();
        assertThat(ids(sessions)).containsExactly(current.session().value());
        assertThat(sessions.get("data").get(0).get("status").asString()).isEqualTo("active");
        assertThat(caller.get("/user_management/users/user_none/sessions").status())
                .isEqualTo(404);
        assertThat(caller.post("/user_management/sessions/revoke", "{\"session_id\":\"session_none\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aFailureThatWasAskedForComesOnceAndWithItsRetryAfter() {
        workos.faults().failNext("/organizations", 429, 1, Duration.ofSeconds(3));
        workos.faults().failNext("/organizations", 502, 1);
        assertThat(caller.get("/user_management/users").status()).isEqualTo(200);
        Caller.Answer limited = caller.get("/organizations");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers()).containsEntry("retry-after", "3");
        Caller.Answer gateway = caller.get("/organizations");
        assertThat(gateway.status()).isEqualTo(502);
        assertThat(gateway.body()).startsWith("<html>");
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @Test
    void inTheDarkNothingIsAnswered() {
        workos.faults().goDark();
        assertThatThrownBy(() -> caller.get("/organizations")).isInstanceOf(UncheckedIOException.class);
        workos.faults().comeBack();
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @Test
    void theSeedIsPlantedOnceAndBringsNobodyBack() {
        workos.seedDemo();
        TruthSnapshot planted = workos.truth();
        assertThat(planted.users()).hasSize(4);
        assertThat(planted.organizations())
                .extracting(OrganizationRecord::name)
                .containsExactly("Acme Robotics", "Globex Health");
        assertThat(planted.memberships())
                .extracting(membership -> membership.role().value())
                .containsExactly("owner", "admin", "member", "viewer");
        workos.deleteUser(planted.users().getFirst().id());
        workos.seedDemo();
        assertThat(workos.truth().users()).hasSize(3);
    }

    @Test
    void theTruthIsOneJsonObject() {
        workos.seedDemo();
        JsonNode truth = Json.parse(workos.truth().toJson());
        assertThat(truth.get("users").get(0).get("first_name").asString()).isEqualTo("Ada");
        assertThat(truth.get("memberships").get(0).get("status").asString()).isEqualTo("active");
        assertThat(truth.get("sessions")).isEmpty();
    }

    private List<String> walk(String path) {
        List<String> seen = new ArrayList<>();
        for (String next = path; next != null; ) {
            JsonNode page = caller.get(next).json();
            seen.addAll(ids(page));
            JsonNode after = page.get("list_metadata").get("after");
            next = after.isNull() ? null : path + "&after=" + after.asString();
        }
        return seen;
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.get("data").forEach(item -> ids.add(item.get("id").asString()));
        return ids;
    }
}
