package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    @Test
    void whoRegistersHasARowAProfileAndTheirNamesWhenTheAnswerComes() throws Exception {
        Visitor nia = demo.visitor();
        HttpResponse<String> out = nia.get("/api/auth/register?returnTo=/dashboard");
        assertThat(Visitor.location(out)).contains("screen_hint=sign-up");
        HttpResponse<String> back = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(Visitor.location(out)))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "action=sign-up&email=nia%40me.test&first_name=Nia&last_name=Newcome"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(nia.get(Visitor.location(back)
                                .substring(demo.address().toString().length()))
                        .statusCode())
                .isEqualTo(302);
        UserId user = new UserId(nia.me().at("/user/id").asString());
        assertThat(row(
                        "SELECT first_name || ' ' || last_name || ' ' || email FROM workos.users_live WHERE id = :user",
                        user))
                .isEqualTo("Nia Newcome nia@me.test");
        assertThat(row("SELECT display_name || ' ' || is_active FROM app.users WHERE workos_user_id = :user", user))
                .isEqualTo("Nia Newcome true");
        assertThat(row("SELECT account_id::text FROM app.profiles WHERE workos_user_id = :user", user))
                .isEqualTo(accountOf(user));
    }

    private static String accountOf(UserId user) {
        return row("SELECT id::text FROM app.accounts WHERE workos_user_id = :user", user);
    }

    private static String row(String sql, UserId user) {
        return demo.database()
                .read(tx -> tx.sql(sql)
                        .param("user", user.value())
                        .query(String.class)
                        .single());
    }
}
