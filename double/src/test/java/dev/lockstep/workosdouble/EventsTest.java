package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EventsTest {
    private static final String ALL = "/events?limit=100&events=user.created,user.updated,user.deleted,"
            + "organization.created,organization.updated,organization.deleted,organization_membership.created,"
            + "organization_membership.updated,organization_membership.deleted,session.created,session.revoked";

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
    void theApiHoldsNewEventsBackAWhile() {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        assertThat(types(ALL)).isEmpty();
        clock.advance(Duration.ofSeconds(2).minusMillis(1));
        assertThat(types(ALL)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(types(ALL)).containsExactly("user.created");
    }

    @Test
    void eventsComeOldestFirstWhateverTheOrderSays() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.renameUser(zoe, "Zoë", "Lind");
        settle();
        List<String> oldestFirst = List.of("user.created", "user.updated");
        assertThat(types(ALL)).isEqualTo(oldestFirst);
        assertThat(types(ALL + "&order=desc")).isEqualTo(oldestFirst);
        assertThat(types(ALL + "&order=asc")).isEqualTo(oldestFirst);
    }

    @Test
    void aTailSeesEveryEventOnceAndTheLastPageHasNoCursor() {
        for (int i = 0; i < 25; i++) {
            workos.createUser(NewUser.named("u" + i + "@example.test", "U", "X"));
        }
        settle();
        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = caller.get("/events?events=user.created" + cursor).json();
            page.get("data").forEach(event -> seen.add(event.get("id").asString()));
            JsonNode after = page.get("list_metadata").get("after");
            cursor = after.isNull() ? "" : "&after=" + after.asString();
            pages++;
        } while (!cursor.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(seen)
                .isEqualTo(workos.events().stream()
                        .map(event -> event.id().value())
                        .toList());
        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theEventTypesMayBeListedBothWays() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.createOrganization("First");
        workos.deleteUser(zoe);
        settle();
        assertThat(types("/events?events=user.created%2Cuser.deleted")).containsExactly("user.created", "user.deleted");
        assertThat(types("/events?events[]=organization.created&events[]=user.deleted"))
                .containsExactly("organization.created", "user.deleted");
    }

    @Test
    void wrongQuestionsAreRefused() {
        workos.createOrganization("First");
        settle();
        assertThat(caller.get("/events").status()).isEqualTo(422);
        assertThat(caller.get(ALL.replace("limit=100", "limit=101")).status()).isEqualTo(422);
        assertThat(caller.get(ALL + "&after=event_unknown").status()).isEqualTo(400);
        assertThat(caller.get(ALL + "&organization_id=org_unknown").status()).isEqualTo(400);
        assertThat(caller.get(ALL + "&range_start=yesterday").status()).isEqualTo(422);
        String known = workos.events().getFirst().id().value();
        assertThat(caller.get(ALL + "&range_start=2026-11-21T00:00:00Z&after=" + known)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void oneRequestCoversThirtyDaysAtMost() {
        String from = ALL + "&range_start=2026-10-01T00:00:00Z&range_end=";
        assertThat(caller.get(from + "2026-10-31T00:00:00Z").status()).isEqualTo(200);
        assertThat(caller.get(from + "2026-10-31T00:00:01Z").status()).isEqualTo(400);
    }

    @Test
    void rareTypesAreFoundInOrderBetweenManyOthers() {
        workos.createOrganization("First");
        for (int i = 0; i < 50; i++) {
            workos.createUser(NewUser.named("u" + i + "@example.test", "U", "X"));
        }
        OrganizationId last = workos.createOrganization("Last");
        workos.deleteOrganization(last);
        settle();
        assertThat(types("/events?events=organization.created,organization.deleted"))
                .containsExactly("organization.created", "organization.created", "organization.deleted");
    }

    @Test
    void aRangeIsCutAtBothEnds() {
        for (int i = 0; i < 3; i++) {
            workos.createOrganization("Organization " + i);
            clock.advance(Duration.ofMinutes(1));
        }
        JsonNode page = caller.get(ALL + "&range_start=2026-11-21T10:01:00Z&range_end=2026-11-21T10:02:00.000Z")
                .json();
        assertThat(page.get("data")).hasSize(1);
        assertThat(page.get("data").get(0).get("data").get("name").asString()).isEqualTo("Organization 1");
    }

    @Test
    void anOrganizationSeesItsOwnEventsAndNoUserEvents() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        workos.createOrganization("Second");
        workos.addMember(zoe, first, new RoleSlug("member"));
        workos.signIn(zoe, first);
        settle();
        assertThat(types(ALL + "&organization_id=" + first))
                .containsExactly("organization.created", "organization_membership.created", "session.created");
    }

    @Test
    void whatIsOlderThanNinetyDaysIsGoneAndSoIsItsCursor() {
        workos.createOrganization("First");
        String cursor = workos.events().getFirst().id().value();
        clock.advance(Duration.ofDays(90).plusMillis(1));
        workos.createOrganization("Second");
        settle();
        assertThat(types(ALL)).hasSize(1);
        assertThat(caller.get(ALL + "&after=" + cursor).status()).isEqualTo(400);
    }

    @Test
    void deletingAUserEndsSessionsThenMembershipsThenTheUser() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        workos.addMember(zoe, first, new RoleSlug("member"));
        workos.signIn(zoe, first);
        int before = workos.events().size();
        clock.advance(Duration.ofHours(1));
        workos.deleteUser(zoe);
        assertThat(since(before)).containsExactly("session.revoked", "organization_membership.deleted", "user.deleted");
        JsonNode deleted = Json.parse(workos.events().getLast().dataJson());
        assertThat(deleted.get("updated_at").asString()).isEqualTo("2026-11-21T10:00:00.000Z");
        assertThat(workos.truth().memberships()).isEmpty();
    }

    @Test
    void deletingAnOrganizationTakesItsMembershipsAndSessionsAlong() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        workos.addMember(zoe, first, new RoleSlug("member"));
        workos.signIn(zoe, first);
        workos.signIn(zoe, null);
        int before = workos.events().size();
        workos.deleteOrganization(first);
        assertThat(since(before))
                .containsExactly("session.revoked", "organization_membership.deleted", "organization.deleted");
        assertThat(workos.truth().sessions()).hasSize(1);
        assertThat(workos.truth().users()).hasSize(1);
    }

    @Test
    void deactivatingAMembershipUpdatesItAndRevokesItsSessions() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        MembershipId membership = workos.addMember(zoe, first, new RoleSlug("member"));
        workos.signIn(zoe, first);
        int before = workos.events().size();
        workos.deactivateMember(membership);
        assertThat(since(before)).containsExactly("organization_membership.updated", "session.revoked");
        JsonNode revoked = Json.parse(workos.events().getLast().dataJson());
        assertThat(revoked.get("status").asString()).isEqualTo("revoked");
        assertThat(revoked.get("ended_at").isNull()).isFalse();
    }

    @Test
    void signingInMovesTheLastSignInSilently() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        int before = workos.events().size();
        clock.advance(Duration.ofMinutes(5));
        workos.signIn(zoe, null);
        assertThat(since(before)).containsExactly("authentication.password_succeeded", "session.created");
        UserRecord user = workos.truth().users().getFirst();
        assertThat(user.lastSignInAt()).isEqualTo(clock.instant());
        assertThat(user.updatedAt()).isBefore(clock.instant());
    }

    @Test
    void theEnvelopesAndPayloadsHaveTheShapesOfProduction() {
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First");
        workos.addMember(zoe, first, new RoleSlug("member"));
        workos.signIn(zoe, first);
        settle();
        JsonNode events = caller.get(ALL).json().get("data");
        assertThat(fields(events.get(0))).containsExactly("object", "id", "event", "data", "created_at");
        assertThat(events.get(0).get("id").asString()).matches("event_[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(fields(events.get(1).get("data")))
                .contains("domains", "metadata")
                .doesNotContain("allow_profiles_outside_organization");
        assertThat(fields(events.get(2).get("data")))
                .contains("role", "roles", "directory_managed", "custom_attributes")
                .doesNotContain("user", "organization_name");
        assertThat(fields(events.get(3).get("data"))).contains("auth_method", "expires_at", "ended_at", "impersonator");
    }

    private void settle() {
        clock.advance(Duration.ofSeconds(2));
    }

    private List<String> types(String path) {
        List<String> types = new ArrayList<>();
        caller.get(path)
                .json()
                .get("data")
                .forEach(event -> types.add(event.get("event").asString()));
        return types;
    }

    private List<String> since(int count) {
        return workos.events().stream().skip(count).map(EventRecord::event).toList();
    }

    private static List<String> fields(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
