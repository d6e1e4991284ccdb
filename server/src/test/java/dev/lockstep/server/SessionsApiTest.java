package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Seeing sessions and ending them: one's own, and, as an administrator, those of members. */
class SessionsApiTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String SESSIONS = "/api/v1/sessions";

    @Test
    void myListShowsThisSessionFirstWithItsDeviceAndSaysWhenItWasUsed() {
        Visitor other = demo.visitor().signIn("ada@acme.test");
        Visitor me = demo.visitor().signIn("ada@acme.test");
        List<JsonNode> sessions = list(me, SESSIONS);
        assertThat(sessions.getFirst().get("id").asString()).isEqualTo(me.sessionId());
        assertThat(sessions.getFirst().get("current").asBoolean()).isTrue();
        assertThat(sessions).filteredOn(row -> row.get("current").asBoolean()).hasSize(1);
        assertThat(ids(sessions)).contains(other.sessionId());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode first = list(me, SESSIONS).getFirst();
            assertThat(first.get("device").asString()).isEqualTo("Java");
            assertThat(first.get("ipAddress").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        });
        assertThat(sessions.getFirst().get("lastSeenAt").asString()).isNotBlank();
    }

    @Test
    void anEndedSessionIsOutAtOnceAndWorkOsAndTheAuditLogKnow() {
        Visitor other = demo.visitor().signIn("ada@acme.test");
        Visitor me = demo.visitor().signIn("ada@acme.test");
        String ended = other.sessionId();
        assertThat(me.postAsPage(SESSIONS + "/" + ended + "/revoke", "{}").statusCode())
                .isEqualTo(200);
        assertThat(other.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(ids(list(me, SESSIONS))).doesNotContain(ended);
        assertThat(me.get("/api/auth/me").statusCode()).isEqualTo(200);
        assertThat(audited(ended)).containsExactly("session.revoked");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(mirrored(ended)).isEqualTo("ended"));
    }

    @Test
    void allOthersCanBeEndedAtOnce() {
        Visitor one = demo.visitor().signIn("ben@acme.test");
        Visitor two = demo.visitor().signIn("ben@acme.test");
        Visitor me = demo.visitor().signIn("ben@acme.test");
        assertThat(me.postAsPage(SESSIONS + "/revoke-others", "{}").statusCode())
                .isEqualTo(200);
        assertThat(one.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(two.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(ids(list(me, SESSIONS))).containsExactly(me.sessionId());
    }

    @Test
    void somebodyElsesSessionDoesNotExistForMe() {
        Visitor victim = demo.visitor().signIn("ada@acme.test");
        Visitor me = demo.visitor().signIn("ben@acme.test");
        HttpResponse<String> stolen = me.postAsPage(SESSIONS + "/" + victim.sessionId() + "/revoke", "{}");
        HttpResponse<String> madeUp = me.postAsPage(SESSIONS + "/session_nobody/revoke", "{}");
        assertThat(stolen.statusCode()).isEqualTo(404);
        assertThat(Visitor.json(stolen).get("code"))
                .isEqualTo(Visitor.json(madeUp).get("code"));
        assertThat(victim.get("/api/auth/me").statusCode()).isEqualTo(200);
    }

    @Test
    void anAdministratorEndsAMembersSessionInTheirOrganizationAndNobodyElseMay() {
        Visitor member = demo.visitor().signIn("ben@acme.test");
        Visitor owner = demo.visitor().signIn("ada@acme.test");
        Visitor plain = demo.visitor().signIn("cleo@globex.test");
        Visitor colleague = demo.visitor().signIn("dev@globex.test");
        String path = sessionsOf(member);
        String session = member.sessionId();

        assertThat(ids(list(owner, path))).contains(session);
        assertThat(plain.get(sessionsOf(colleague)).statusCode()).isEqualTo(403);
        assertThat(plain.postAsPage(sessionsOf(colleague) + "/" + colleague.sessionId() + "/revoke", "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(owner.get(sessionsOf(plain)).statusCode()).isEqualTo(404);
        assertThat(owner.get("/api/v1/members/user_nobody/sessions").statusCode())
                .isEqualTo(404);
        assertThat(owner.postAsPage(path + "/" + plain.sessionId() + "/revoke", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(member.get("/api/auth/me").statusCode()).isEqualTo(200);

        assertThat(owner.postAsPage(path + "/" + session + "/revoke", "{}").statusCode())
                .isEqualTo(200);
        assertThat(member.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(audited(session)).containsExactly("session.revoked");

        Visitor again = demo.visitor().signIn("ben@acme.test");
        assertThat(owner.postAsPage(path + "/revoke-all", "{}").statusCode()).isEqualTo(200);
        assertThat(again.get("/api/auth/me").statusCode()).isEqualTo(401);
        assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
    }

    private static String sessionsOf(Visitor visitor) {
        return "/api/v1/members/" + visitor.me().at("/user/id").asString() + "/sessions";
    }

    @Test
    void aSignInLeavesTheSessionThatWasInTheBrowserBefore() {
        Visitor browser = demo.visitor().signIn("ada@acme.test");
        String planted = browser.cookies.get(Visitor.SESSION);
        browser.signIn("ben@acme.test");
        assertThat(browser.me().at("/user/email").asString()).isEqualTo("ben@acme.test");
        assertThat(demo.visitor()
                        .withCookies("/api/auth/me", Visitor.SESSION + "=" + planted)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aSignOutReachesWorkOsEvenIfTheBrowserNeverGetsThere() {
        Visitor me = demo.visitor().signIn("ada@acme.test");
        String session = me.sessionId();
        assertThat(me.postAsPage("/api/auth/logout", "{}").statusCode()).isIn(200, 303);
        assertThat(audited(session)).containsExactly("auth.logout");
        demo.database()
                .write(tx -> tx.sql("UPDATE lockstep.session_to_revoke SET tell_at = now()")
                        .update());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(mirrored(session)).isEqualTo("ended"));
    }

    @Test
    void whatTheSessionHoldsIsThereForPages() {
        JsonNode me = demo.visitor().signIn("ada@acme.test").me();
        assertThat(me.get("entitlements").isArray()).isTrue();
        assertThat(me.get("featureFlags").isArray()).isTrue();
        assertThat(me.get("claims").isObject()).isTrue();
        assertThat(me.get("authenticatedAt").asString()).isNotBlank();
        assertThat(me.get("impersonator").isNull()).isTrue();
    }

    @Test
    void aPageLearnsWhetherTheSignInWasRecent() {
        Visitor me = demo.visitor().signIn("ada@acme.test");
        JsonNode recent =
                Visitor.json(me.get("/api/auth/recent-auth?maxAge=3600")).get("data");
        assertThat(recent.get("isStale").asBoolean()).isFalse();
        assertThat(recent.get("signInUrl").asString()).isEqualTo("/api/auth/login?maxAge=3600");
        assertThat(me.get("/api/auth/recent-auth?maxAge=soon").statusCode()).isEqualTo(400);
        assertThat(demo.visitor().get("/api/auth/recent-auth?maxAge=60").statusCode())
                .isEqualTo(401);
    }

    @Test
    void everyWishOfALinkReachesWorkOs() {
        String location = Visitor.location(demo.visitor()
                .get("/api/auth/login?invitationToken=inv_1&domainHint=acme.test&maxAge=60&prompt=login"
                        + "&organizationId=org_1&loginHint=ada%40acme.test"));
        assertThat(location)
                .contains(
                        "invitation_token=inv_1",
                        "domain_hint=acme.test",
                        "max_age=60",
                        "prompt=login",
                        "organization_id=org_1",
                        "login_hint=ada%40acme.test",
                        "code_challenge_method=S256");
        assertThat(Visitor.location(demo.visitor().get("/api/auth/login?connectionId=conn_1&screenHint=sign-up")))
                .contains("connection_id=conn_1")
                .doesNotContain("screen_hint", "provider=");
    }

    private static List<JsonNode> list(Visitor visitor, String path) {
        HttpResponse<String> answer = visitor.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Visitor.json(answer).at("/data/sessions").valueStream().toList();
    }

    private static List<String> ids(List<JsonNode> sessions) {
        return sessions.stream().map(row -> row.get("id").asString()).toList();
    }

    private static List<String> audited(String session) {
        return demo.database()
                .read(tx -> tx.sql("SELECT action FROM app.audit_log WHERE target = :target AND action IN"
                                + " ('session.revoked', 'auth.logout', 'session.replaced') AND actor LIKE 'user_%'")
                        .param("target", "session:" + session)
                        .query(String.class)
                        .list());
    }

    private static String mirrored(String session) {
        return demo.database()
                .read(tx -> tx.sql(
                                "SELECT CASE WHEN deleted_at IS NULL THEN 'open' ELSE 'ended' END FROM workos.sessions"
                                        + " WHERE id = :session")
                        .param("session", session)
                        .query(String.class)
                        .optional()
                        .orElse("unknown"));
    }
}
