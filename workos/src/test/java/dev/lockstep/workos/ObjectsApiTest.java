package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi;
import dev.lockstep.workos.object.ObjectsApi.Found;
import dev.lockstep.workos.object.ObjectsApi.Scope;
import dev.lockstep.workos.object.WorkOsObject;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where every kind of object is asked for, and what is made of the answers. */
class ObjectsApiTest {
    private static final Scope EVERYWHERE = new Scope.Environment();

    private FakeWorkOs workos;
    private WorkOsClient client;
    private ObjectsApi objects;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
        objects = new ObjectsApi(client);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @ParameterizedTest
    @CsvSource({
        "USER,                   x,   /user_management/users/x",
        "ORGANIZATION,           x,   /organizations/x",
        "ORGANIZATION_MEMBERSHIP,x,   /user_management/organization_memberships/x",
        "ORGANIZATION_DOMAIN,    x,   /organization_domains/x",
        "ROLE,                   a b, /authorization/roles/a%20b",
        "ORGANIZATION_ROLE,      o/x, /authorization/organizations/o/roles/x",
        "PERMISSION,             x,   /authorization/permissions/x",
        "INVITATION,             x,   /user_management/invitations/x",
        "DIRECTORY,              x,   /directories/x",
        "DIRECTORY_USER,         x,   /directory_users/x",
        "DIRECTORY_GROUP,        x,   /directory_groups/x",
        "CONNECTION,             x,   /connections/x",
        "GROUP,                  x,   /organizations/org/groups/x"
    })
    void oneObjectIsAskedForByItsKey(ObjectKind kind, String key, String path) {
        workos.answers(200, "{\"id\":\"x\",\"slug\":\"x\",\"updated_at\":\"2026-11-20T10:00:00Z\"}");

        Found found = objects.get(kind, List.of(key.split("/", -1)), "org");

        assertThat(found).isInstanceOfSatisfying(Found.There.class, there -> {
            assertThat(there.object().kind()).isEqualTo(kind);
            assertThat(there.object().updatedAt()).isEqualTo("2026-11-20T10:00:00Z");
        });
        assertThat(asked()).containsExactly(path);
        assertThat(ObjectsApi.answersFor(kind)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ObjectKind.class,
            names = {"SESSION", "DIRECTORY_GROUP_MEMBER", "GROUP_MEMBER", "FEATURE_FLAG", "API_KEY"})
    void someKindsCannotBeAskedForOneByOne(ObjectKind kind) {
        assertThat(objects.get(kind, Collections.nCopies(kind.key().size(), "x"), "org"))
                .isEqualTo(new Found.NotAskable());
        assertThat(ObjectsApi.answersFor(kind)).isFalse();
        assertThat(asked()).isEmpty();
    }

    @Test
    void aGroupCannotBeFoundWithoutItsOrganization() {
        assertThat(objects.get(ObjectKind.GROUP, List.of("g"), null)).isEqualTo(new Found.NotAskable());
    }

    @Test
    void onlyTheWordOfWorkOsMakesAnObjectGone() {
        workos.answers(404, "{}").answers(403, "{}");

        assertThat(objects.get(ObjectKind.DIRECTORY, List.of("d"), null)).isEqualTo(new Found.Gone());
        assertThatExceptionOfType(WorkOsException.class)
                .isThrownBy(() -> objects.get(ObjectKind.DIRECTORY, List.of("d"), null));
    }

    @ParameterizedTest
    @CsvSource({
        "USER,            ,  /user_management/users",
        "ORGANIZATION,    ,  /organizations",
        "ORGANIZATION_DOMAIN,, /organizations",
        "ROLE,            ,  /authorization/roles",
        "PERMISSION,      ,  /authorization/permissions",
        "INVITATION,      ,  /user_management/invitations",
        "DIRECTORY,       ,  /directories",
        "CONNECTION,      ,  /connections",
        "FEATURE_FLAG,    ,  /feature-flags",
        "SESSION,         u, /user_management/users/u/sessions",
        "ORGANIZATION_ROLE,o, /authorization/organizations/o/roles",
        "GROUP,           o, /organizations/o/groups",
        "API_KEY,         o, /organizations/o/api_keys",
        "DIRECTORY_USER,  d, /directory_users?directory=d",
        "DIRECTORY_GROUP_MEMBER,d, /directory_users?directory=d",
        "DIRECTORY_GROUP, d, /directory_groups?directory=d",
        "ORGANIZATION_MEMBERSHIP,o,"
                + " /user_management/organization_memberships?organization_id=o&statuses=active%2Cinactive%2Cpending"
    })
    void everyKindIsListedInItsPlace(ObjectKind kind, String under, String path) {
        workos.answers(200, list("", "null"));

        assertThat(objects.list(kind, under == null ? EVERYWHERE : new Scope.Of(under), null)
                        .items())
                .isEmpty();

        assertThat(asked()).singleElement().asString().startsWith(path).endsWith("limit=100&order=asc");
        assertThat(ObjectsApi.listedUnder(kind) == null).isEqualTo(under == null);
    }

    @Test
    void theRolesOfTheEnvironmentAreLeftOutOfThoseOfAnOrganization() {
        workos.answers(200, list("""
                {"slug":"admin","type":"EnvironmentRole"},{"slug":"boss","type":"OrganizationRole"}""", "null"));

        Page<WorkOsObject> page = objects.list(ObjectKind.ORGANIZATION_ROLE, new Scope.Of("o"), null);

        assertThat(page.items()).extracting(WorkOsObject::key).containsExactly(List.of("o", "boss"));
    }

    @Test
    void domainsAndMembersOfGroupsComeOutOfWhatCarriesThem() {
        workos.answers(200, list("""
                        {"id":"o","domains":[{"id":"dom","domain":"acme.test","verification_token":"t"},{"domain":"?"}]}""", "\"o\"")).answers(200, list("""
                        {"id":"u","directory_id":"d","groups":[{"id":"g1"},{"id":"g2"}]}""", "null"));

        Page<WorkOsObject> domains = objects.list(ObjectKind.ORGANIZATION_DOMAIN, EVERYWHERE, null);
        Page<WorkOsObject> members = objects.list(ObjectKind.DIRECTORY_GROUP_MEMBER, new Scope.Of("d"), null);

        assertThat(domains.items()).singleElement().satisfies(domain -> {
            assertThat(domain.key()).containsExactly("dom");
            assertThat(domain.raw().get("organization_id").stringValue()).isEqualTo("o");
            assertThat(domain.raw().has("verification_token")).isFalse();
        });
        assertThat(domains.next()).contains("o");
        assertThat(members.items())
                .extracting(WorkOsObject::key)
                .containsExactly(List.of("g1", "u"), List.of("g2", "u"));
    }

    @Test
    void membersOfAGroupAreListedUnderItsOrganization() {
        workos.answers(200, list("{\"id\":\"om_1\",\"user_id\":\"u\",\"organization_id\":\"o\"}", "null"));

        Page<WorkOsObject> page = objects.list(ObjectKind.GROUP_MEMBER, new Scope.OfGroup("o", "g"), null);

        assertThat(page.items()).extracting(WorkOsObject::key).containsExactly(List.of("g", "om_1"));
        assertThat(asked()).containsExactly("/organizations/o/groups/g/organization-memberships?limit=100&order=asc");
    }

    @Test
    void aScopeThatDoesNotFitIsAMistakeBeforeAnythingIsSent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> objects.list(ObjectKind.DIRECTORY_USER, EVERYWHERE, null))
                .withMessageContaining("directory user");
        assertThatIllegalArgumentException().isThrownBy(() -> objects.list(ObjectKind.USER, new Scope.Of("x"), null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> objects.list(ObjectKind.USER, new Scope.OfGroup("o", "g"), null));
        assertThat(asked()).isEmpty();
    }

    private List<String> asked() {
        return workos.asked().stream()
                .map(one -> one.path() + (one.query() == null || one.query().isEmpty() ? "" : "?" + one.query()))
                .toList();
    }

    private static String list(String items, String after) {
        return "{\"object\":\"list\",\"data\":[" + items + "],\"list_metadata\":{\"after\":" + after + "}}";
    }
}
