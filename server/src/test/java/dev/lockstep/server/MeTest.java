package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What the server says to the page that asks who is signed in. */
class MeTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    @Test
    void meAnswersWithTheUserTheirMembershipsAndTheirOrganizations() {
        WorkOsDouble workOs = demo.demo().workOs();
        UserId mia = workOs.createUser(NewUser.named("mia@me.test", "Mia", "Two"));
        OrganizationId first = workOs.createOrganization("A First Of Mia");
        OrganizationId second = workOs.createOrganization("B Second Of Mia");
        workOs.addMember(mia, first, new RoleSlug("viewer"));
        workOs.addMember(mia, second, new RoleSlug("owner"));
        demo.settled();
        Visitor visitor = demo.visitor();
        String toWorkOs = Visitor.location(visitor.get("/api/auth/login?organizationId=" + second.value()));
        visitor.get(visitor.approvedAt(toWorkOs, "mia@me.test"));
        JsonNode me = visitor.me();
        assertThat(me.get("organizationId").asString()).isEqualTo(second.value());
        assertThat(me.get("role").asString()).isEqualTo("OWNER");
        assertThat(me.at("/user/id").asString()).isEqualTo(mia.value());
        assertThat(me.at("/user/email").asString()).isEqualTo("mia@me.test");
        assertThat(me.at("/user/displayName").asString()).isEqualTo("Mia Two");
        assertThat(me.at("/user/accountId").asString()).isEqualTo(accountOf(mia));
        assertThat(me.get("organizations"))
                .extracting(
                        one -> one.get("id").asString() + " " + one.get("name").asString())
                .containsExactly(first.value() + " A First Of Mia", second.value() + " B Second Of Mia");
        assertThat(me.get("memberships"))
                .extracting(one -> one.get("organizationId").asString() + " "
                        + one.get("role").asString() + " " + one.get("status").asString())
                .containsExactly(first.value() + " VIEWER active", second.value() + " OWNER active");
    }

    @Test
    void aPersonWithoutAnyOrganizationHasEmptyLists() {
        demo.demo().workOs().createUser(NewUser.named("solo@me.test", "So", "Lo"));
        JsonNode me = demo.visitor().signIn("solo@me.test").me();
        assertThat(me.get("memberships").isEmpty()).isTrue();
        assertThat(me.get("organizations").isEmpty()).isTrue();
        assertThat(me.get("organizationId").isNull()).isTrue();
        assertThat(me.get("role").isNull()).isTrue();
    }

    private static String accountOf(UserId user) {
        return demo.database()
                .read(tx -> tx.sql("SELECT id::text FROM app.accounts WHERE workos_user_id = :user")
                        .param("user", user.value())
                        .query(String.class)
                        .single());
    }
}
