package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people change about themselves and administrators about members: at WorkOS, and here before the answer. */
class MembersApiTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String OWNER = "olga@members.test";
    private static final String ADMIN = "adam@members.test";
    private static OrganizationId home;
    private static OrganizationId elsewhere;
    private static UserId adam;
    private static UserId olga;

    @BeforeAll
    static void anOrganizationOfItsOwn() {
        WorkOsDouble workOs = workOs();
        home = workOs.createOrganization("Members Ltd");
        elsewhere = workOs.createOrganization("Elsewhere Ltd");
        olga = member(OWNER, home, "owner");
        adam = member(ADMIN, home, "admin");
        demo.settled();
    }

    private static WorkOsDouble workOs() {
        return demo.demo().workOs();
    }

    private static UserId member(String email, OrganizationId organization, String role) {
        UserId user = workOs().createUser(NewUser.named(email, "Person", "Of " + organization.value()));
        workOs().addMember(user, organization, new RoleSlug(role));
        return user;
    }

    private static String mirror(String sql) {
        return demo.database()
                .read(tx -> tx.sql(sql).query(String.class).optional().orElse("none"));
    }

    private static String role(UserId user) {
        return mirror(
                "SELECT array_to_string(role_slugs, ' ') FROM workos.organization_memberships_live WHERE user_id = '"
                        + user.value() + "'");
    }

    private static String code(HttpResponse<String> answer) {
        return answer.statusCode() + " " + Visitor.json(answer).path("code").asString("");
    }

    @Test
    void myNameIsChangedAtWorkOsAndTheRowShowsItBeforeTheAnswer() {
        UserId eva = member("eva@members.test", home, "member");
        demo.settled();
        Visitor me = demo.visitor().signIn("eva@members.test");
        workOs().faults().dropNextWebhooks(1);

        HttpResponse<String> answer =
                me.postAsPage("/api/v1/me/name", "{\"firstName\":\" Éva \",\"lastName\":\"Nagy\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(mirror("SELECT first_name || ' ' || last_name FROM workos.users_live WHERE id = '" + eva.value()
                        + "'"))
                .isEqualTo("Éva Nagy");
        assertThat(workOs().truth().users()).anyMatch(user -> "Éva".equals(user.firstName()));
        String token = answer.headers().firstValue("Lockstep-Read-After").orElseThrow();
        assertThat(me.get("/api/auth/me", "Lockstep-Read-After", token).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aNameThatIsNoneIsRefusedAndNobodyElseCanBeNamed() {
        Visitor me = demo.visitor().signIn(ADMIN);
        for (String body : List.of(
                "{}",
                "{\"firstName\":\" \",\"lastName\":\"\"}",
                "{\"firstName\":\"" + "x".repeat(101) + "\"}",
                "{\"firstName\":\"a\\u0000b\"}",
                "{\"firstName\":\"a\\nb\"}")) {
            assertThat(code(me.postAsPage("/api/v1/me/name", body))).as(body).isEqualTo("400 NAME_UNUSABLE");
        }
        assertThat(demo.visitor()
                        .post("/api/v1/me/name", "{\"firstName\":\"x\"}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(me.post("/api/v1/me/name", "{\"firstName\":\"x\"}").statusCode())
                .as("without the token of the page")
                .isEqualTo(403);
        assertThat(workOs().truth().users())
                .noneMatch(user -> user.firstName() != null && user.firstName().startsWith("x"));
    }

    @Test
    void anAdministratorChangesAMembersRoleAndTheMirrorHasItBeforeTheAnswer() {
        UserId max = member("max@members.test", home, "member");
        demo.settled();
        Visitor admin = demo.visitor().signIn(ADMIN);
        workOs().faults().dropNextWebhooks(1);

        HttpResponse<String> answer =
                admin.postAsPage("/api/v1/members/" + max.value() + "/role", "{\"role\":\"admin\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(role(max)).isEqualTo("admin");
        assertThat(mirror("SELECT details ->> 'role' FROM app.audit_log WHERE action = 'member.role_changed'"
                        + " AND actor LIKE '%" + adam.value() + "%' AND target LIKE 'membership:%' LIMIT 1"))
                .isEqualTo("admin");
        assertThat(code(admin.postAsPage("/api/v1/members/" + max.value() + "/role", "{\"role\":\"nonsense\"}")))
                .isEqualTo("409 CHANGE_REFUSED");
        assertThat(role(max)).isEqualTo("admin");
    }

    @Test
    void aRemovedMemberIsOutBeforeTheAnswerAndTheirSessionWithThem() {
        UserId leo = member("leo@members.test", home, "member");
        demo.settled();
        Visitor owner = demo.visitor().signIn(OWNER);

        HttpResponse<String> answer = owner.postAsPage("/api/v1/members/" + leo.value() + "/remove", "{}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(role(leo)).isEqualTo("none");
        assertThat(code(owner.postAsPage("/api/v1/members/" + leo.value() + "/remove", "{}")))
                .isEqualTo("404 NOT_FOUND");
    }

    @Test
    void whoIsNoAdministratorOrWantsMoreThanTheyHaveIsRefusedAndNothingChanges() {
        UserId pia = member("pia@members.test", home, "member");
        UserId stranger = member("stranger@elsewhere.test", elsewhere, "member");
        demo.settled();
        Visitor plain = demo.visitor().signIn("pia@members.test");
        Visitor admin = demo.visitor().signIn(ADMIN);

        assertThat(code(plain.postAsPage("/api/v1/members/" + adam.value() + "/role", "{\"role\":\"member\"}")))
                .isEqualTo("403 FORBIDDEN");
        assertThat(code(plain.postAsPage("/api/v1/members/" + pia.value() + "/role", "{\"role\":\"admin\"}")))
                .isEqualTo("403 FORBIDDEN");
        assertThat(code(plain.postAsPage("/api/v1/invitations", "{\"email\":\"a@b.test\"}")))
                .isEqualTo("403 FORBIDDEN");
        assertThat(code(admin.postAsPage("/api/v1/members/" + pia.value() + "/role", "{\"role\":\"owner\"}")))
                .as("nobody makes an owner who is none")
                .isEqualTo("403 FORBIDDEN");
        assertThat(code(admin.postAsPage("/api/v1/members/" + olga.value() + "/remove", "{}")))
                .as("nor removes one")
                .isEqualTo("403 FORBIDDEN");
        assertThat(code(admin.postAsPage("/api/v1/members/" + adam.value() + "/role", "{\"role\":\"member\"}")))
                .isEqualTo("409 OWN_MEMBERSHIP");
        assertThat(code(admin.postAsPage("/api/v1/members/" + stranger.value() + "/remove", "{}")))
                .isEqualTo("404 NOT_FOUND");
        assertThat(role(pia)).isEqualTo("member");
        assertThat(role(adam)).isEqualTo("admin");
        assertThat(role(olga)).isEqualTo("owner");
        assertThat(role(stranger)).isEqualTo("member");
    }

    @Test
    void anInvitationIsSentAndTakenBackWithinTheOwnOrganizationOnly() {
        Visitor admin = demo.visitor().signIn(ADMIN);
        Visitor outside = demo.visitor().signIn("ada@acme.test");

        HttpResponse<String> sent =
                admin.postAsPage("/api/v1/invitations", "{\"email\":\" new@members.test \",\"role\":\"member\"}");

        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        String id = Visitor.json(sent).at("/data/invitationId").asString();
        String state = "SELECT state FROM workos.invitations_live WHERE id = '" + id + "' AND organization_id = '"
                + home.value() + "'";
        assertThat(mirror(state)).isEqualTo("pending");
        assertThat(code(outside.postAsPage("/api/v1/invitations/" + id + "/revoke", "{}")))
                .isEqualTo("404 NOT_FOUND");
        assertThat(admin.postAsPage("/api/v1/invitations/" + id + "/revoke", "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(mirror(state)).isEqualTo("revoked");
        assertThat(code(admin.postAsPage("/api/v1/invitations", "{\"email\":\"no address\"}")))
                .isEqualTo("400 EMAIL_UNUSABLE");
        assertThat(code(admin.postAsPage("/api/v1/invitations", "{\"email\":\"b@members.test\",\"role\":\"owner\"}")))
                .isEqualTo("403 FORBIDDEN");
    }
}
