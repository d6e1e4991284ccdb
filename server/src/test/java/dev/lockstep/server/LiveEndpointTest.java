package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.TableHash;
import dev.lockstep.workosdouble.MembershipRecord;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The live endpoint of the whole server: who may open it, who one is on it, and how long that lasts. */
class LiveEndpointTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static LiveSocket open(String... headers) {
        return LiveSocket.open(demo.address(), headers);
    }

    private static boolean isNull(LiveSocket socket, long query) {
        return socket.result(query).map(JsonNode::isNull).orElse(false);
    }

    private static void awaitEmail(LiveSocket socket, long query, String email) {
        await().untilAsserted(() -> assertThat(
                        socket.result(query).map(me -> me.path("email").asString("")))
                .contains(email));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "http://localhost",
                "http://localhost.evil.example",
                "file://",
                "https://%s"
            })
    void aPageOfAnotherOriginGetsNoSocket(String origin) {
        String foreign = origin.formatted(demo.address().getAuthority());
        assertThatThrownBy(() -> open("Origin", foreign))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .cause()
                .satisfies(refused -> assertThat(((WebSocketHandshakeException) refused)
                                .getResponse()
                                .statusCode())
                        .isEqualTo(403));
    }

    @Test
    void theOwnPageAndProgramsWithoutAnOriginAreAnonymousAtFirst() {
        try (LiveSocket page = open("Origin", demo.address().toString());
                LiveSocket program = open();
                LiveSocket rust = LiveSocket.openAt(demo.address(), "/api/sync", "Convex-Client", "rust-0.10.0")) {
            for (LiveSocket socket : new LiveSocket[] {page, program, rust}) {
                socket.follow(0, "users:me", "{}");
                await().until(() -> isNull(socket, 0));
            }
        }
    }

    @Test
    void aSessionCookieAloneIsNobodyOnTheSocket() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        try (LiveSocket socket = open("Cookie", ada.cookieHeader())) {
            socket.follow(0, "users:me", "{}").follow(1, "sessions:mine", "{}");
            await().until(() -> isNull(socket, 0));
            await().untilAsserted(() -> assertThat(socket.result(1)).isPresent());
            assertThat(socket.result(1).orElseThrow().toString()).doesNotContain(ada.sessionId());
        }
    }

    @Test
    void theCookiesTokenMakesTheSocketSpeakForItsOwner() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        try (LiveSocket socket = open()) {
            socket.authenticate(ada.accessToken()).follow(0, "users:me", "{}");
            awaitEmail(socket, 0, "ada@acme.test");
            assertThat(socket.result(0).orElseThrow().at("/organization/name").asString())
                    .isEqualTo("Acme Robotics");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody:knows",
                "__proto__:constructor",
                "toString",
                "../users:get",
                "java.lang.Runtime:exec",
                "_system/users:list",
                "users",
                "users:me:me",
                ":"
            })
    void anUnknownFunctionIsAClearErrorAndTheSocketLivesOn(String path) {
        try (LiveSocket socket = open()) {
            socket.follow(0, path, "{}").mutate(0, path, "{}");
            await().until(() -> socket.result(0).isPresent() && socket.answer(0).isPresent());
            assertThat(socket.result(0).orElseThrow().path("errorMessage").asString(""))
                    .contains("There is no public query");
            assertThat(socket.answer(0).orElseThrow().get("success").asBoolean())
                    .isFalse();
            assertThat(socket.answer(0).orElseThrow().get("result").asString()).contains("There is no public mutation");
            socket.follow(1, "users:me", "{}");
            await().until(() -> isNull(socket, 1));
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void aTokenThatDoesNotHoldIsAnAuthErrorAndTheEarlierIdentityIsGone() throws Exception {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        String good = ada.accessToken();
        for (String bad : new String[] {
            "nonsense",
            good.substring(0, good.lastIndexOf('.') + 1),
            good.substring(0, good.length() - 8) + "AAAAAAAA",
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + good.split("\\.")[1] + "."
        }) {
            try (LiveSocket socket = open()) {
                socket.authenticate(good).follow(0, "users:me", "{}");
                awaitEmail(socket, 0, "ada@acme.test");
                int before = socket.frames("Transition").size();
                socket.authenticate(bad);
                socket.untilClosed(PATIENCE);
                assertThat(socket.frames("AuthError")).hasSize(1);
                assertThat(socket.frames("Transition")).hasSize(before);
            }
        }
    }

    @Test
    void anotherIdentityOnTheSameSocketSeesNothingOfTheFirst() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        Visitor cleo = demo.visitor().signIn("cleo@globex.test");
        try (LiveSocket socket = open()) {
            socket.authenticate(ada.accessToken()).follow(0, "users:me", "{}").follow(1, "sessions:mine", "{}");
            awaitEmail(socket, 0, "ada@acme.test");
            socket.authenticate(cleo.accessToken());
            awaitEmail(socket, 0, "cleo@globex.test");
            await().untilAsserted(
                            () -> assertThat(socket.result(1).orElseThrow().toString())
                                    .contains(cleo.sessionId())
                                    .doesNotContain(ada.sessionId()));
            socket.frames("Transition").stream()
                    .filter(frame -> frame.at("/endVersion/identity").asInt() >= 2)
                    .forEach(frame -> assertThat(frame.toString()).doesNotContain("ada@acme.test", ada.sessionId()));
        }
    }

    @Test
    void nobodySeesThePeopleOfAnotherOrganization() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        String cleo =
                demo.visitor().signIn("cleo@globex.test").me().at("/user/id").asString();
        String ben = demo.visitor().signIn("ben@acme.test").me().at("/user/id").asString();
        try (LiveSocket socket = open()) {
            socket.authenticate(ada.accessToken())
                    .follow(0, "users:getByWorkOSId", "{\"workosUserId\":\"" + cleo + "\"}")
                    .follow(1, "users:getByWorkOSId", "{\"workosUserId\":\"" + ben + "\"}")
                    .follow(2, "organizations:members", "{}");
            await().until(() -> isNull(socket, 0) && socket.result(2).isPresent());
            awaitEmail(socket, 1, "ben@acme.test");
            assertThat(socket.result(2).orElseThrow().toString())
                    .contains("ben@acme.test")
                    .doesNotContain("globex.test");
        }
    }

    @Test
    void peopleAreFoundByAnyOfTheirKeysWithinTheOrganizationOnlyAndFollowed() {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        demo.visitor().signIn("ben@acme.test");
        demo.visitor().signIn("cleo@globex.test");
        try (LiveSocket socket = open();
                LiveSocket stranger = open()) {
            socket.authenticate(ada.accessToken())
                    .follow(0, "users:getByAccountId", account("ben@acme.test"))
                    .follow(1, "users:getByAccountId", account("cleo@globex.test"))
                    .follow(2, "users:getByEmail", "{\"email\":\"ben@acme.test\"}")
                    .follow(3, "users:getByEmail", "{\"email\":\"cleo@globex.test\"}")
                    .follow(4, "users:getByEmail", "{\"email\":\"nobody@acme.test\"}")
                    .follow(5, "users:getByEmail", "{\"email\":\"ada@acme.test\"}");
            awaitEmail(socket, 0, "ben@acme.test");
            awaitEmail(socket, 2, "ben@acme.test");
            awaitEmail(socket, 5, "ada@acme.test");
            await().until(() -> isNull(socket, 1) && isNull(socket, 3) && isNull(socket, 4));

            stranger.follow(0, "users:getByEmail", "{\"email\":\"ben@acme.test\"}")
                    .follow(1, "users:getByAccountId", account("ben@acme.test"));
            await().until(() -> isNull(stranger, 0) && isNull(stranger, 1));

            String bio = "found " + UUID.randomUUID();
            demo.database().<Integer>write(tx -> tx.sql("""
                            UPDATE app.profiles SET bio = :bio
                            WHERE workos_user_id = (SELECT id FROM workos.users WHERE email = 'ben@acme.test')
                            """).param("bio", bio).update());
            for (long query : new long[] {0, 2}) {
                await().untilAsserted(() -> assertThat(
                                socket.result(query).map(row -> row.path("bio").asString("")))
                        .contains(bio));
            }
        }
    }

    private static String account(String email) {
        return demo.database()
                .read(tx -> tx.sql("""
                        SELECT a.id FROM app.accounts a JOIN workos.users u ON u.id = a.workos_user_id WHERE u.email = :email
                        """).param("email", email).query(UUID.class).single())
                .toString()
                .transform("{\"accountId\":\"%s\"}"::formatted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"bio\":\"x\",\"role\":\"owner\"}",
                "{\"bio\":\"x\",\"userId\":\"user_other\"}",
                "{\"bio\":5}",
                "{\"bio\":{\"a\":1}}",
                "{\"timezone\":\"Nowhere/Land\"}"
            })
    void aProfileEditTakesOnlyWhatItKnows(String args) {
        Visitor ben = demo.visitor().signIn("ben@acme.test");
        try (LiveSocket socket = open()) {
            socket.authenticate(ben.accessToken()).mutate(0, "profiles:update", args);
            await().until(() -> socket.answer(0).isPresent());
            assertThat(socket.answer(0).orElseThrow().get("success").asBoolean())
                    .as(socket.answer(0).orElseThrow().toString())
                    .isFalse();
        }
    }

    @Test
    void nobodyEditsAProfileWithoutBeingSomebody() {
        TableHash before = demo.settled();
        try (LiveSocket socket = open()) {
            socket.mutate(0, "profiles:update", "{\"bio\":\"anonymous was here\"}");
            await().until(() -> socket.answer(0).isPresent());
            assertThat(socket.answer(0).orElseThrow().get("success").asBoolean())
                    .isFalse();
        }
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void aSessionRevokedHereLosesItsSocketAndItsCookieWithinASecondOrSo(TestReporter reporter) throws Exception {
        Visitor here = demo.visitor().signIn("ben@acme.test");
        Visitor there = demo.visitor().signIn("ben@acme.test");
        String token = there.accessToken();
        try (LiveSocket socket = open()) {
            socket.authenticate(token).follow(0, "users:me", "{}");
            awaitEmail(socket, 0, "ben@acme.test");
            String id = there.sessionId();
            String csrf = here.csrfToken();
            long from = System.nanoTime();
            assertThat(here.post("/api/v1/sessions/" + id + "/revoke", "", "X-CSRF-Token", csrf)
                            .statusCode())
                    .isEqualTo(200);
            socket.untilClosed(PATIENCE);
            reporter.publishEntry("a session revoked here lost its socket after ms", millisSince(from));
            assertThat(socket.frames("AuthError")).hasSize(1);
            assertThat(there.get("/api/auth/me").statusCode()).isEqualTo(401);
        }
        try (LiveSocket again = open()) {
            again.authenticate(token);
            again.untilClosed(PATIENCE);
            assertThat(again.frames("AuthError")).hasSize(1);
        }
    }

    @Test
    void aSessionRevokedInWorkOsLosesItsSocketAndItsCookieWithinASecondOrSo(TestReporter reporter) throws Exception {
        Visitor dev = demo.visitor().signIn("dev@globex.test");
        String id = dev.sessionId();
        try (LiveSocket socket = open()) {
            socket.authenticate(dev.accessToken()).follow(0, "users:me", "{}");
            awaitEmail(socket, 0, "dev@globex.test");
            long from = System.nanoTime();
            demo.demo().workOs().revokeSession(new dev.lockstep.identity.SessionId(id));
            socket.untilClosed(PATIENCE);
            reporter.publishEntry("a session revoked in WorkOS lost its socket after ms", millisSince(from));
            assertThat(dev.get("/api/auth/me").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void w04ARoleChangedInWorkOsEndsTheSocketThatSpeaksWithTheOldOneAndShowsOnTheNext(TestReporter reporter)
            throws Exception {
        Visitor cleo = demo.visitor().signIn("cleo@globex.test");
        String user = cleo.me().at("/user/id").asString();
        MembershipRecord membership = demo.demo().workOs().truth().memberships().stream()
                .filter(found -> found.userId().equals(new UserId(user)))
                .findFirst()
                .orElseThrow();
        MembershipId id = membership.id();
        for (String[] change : new String[][] {{"member", "admin"}, {"admin", "member"}}) {
            try (LiveSocket socket = open()) {
                socket.authenticate(renewed(cleo)).follow(0, "users:me", "{}");
                awaitRole(socket, change[0]);
                long from = System.nanoTime();
                demo.demo().workOs().changeRole(id, new RoleSlug(change[1]));
                socket.untilClosed(PATIENCE);
                reporter.publishEntry("a role changed in WorkOS ended the socket after ms", millisSince(from));
                assertThat(socket.frames("AuthError")).hasSize(1);
            }
        }
        try (LiveSocket socket = open()) {
            socket.authenticate(renewed(cleo)).follow(0, "users:me", "{}");
            awaitRole(socket, "member");
            assertThat(socket.isOpen()).isTrue();
        }
    }

    /** As a page does after an AuthError. */
    private static String renewed(Visitor visitor) {
        return Visitor.json(visitor.postAsPage("/api/auth/token?force=true", ""))
                .at("/data/accessToken")
                .asString();
    }

    private static void awaitRole(LiveSocket socket, String role) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(socket.result(0)
                                .map(me -> me.at("/membership/roles/0").asString("")))
                        .contains(role));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{}",
                "{\"type\":\"Nothing\"}",
                "{\"type\":\"ModifyQuerySet\",\"baseVersion\":7,\"newVersion\":8,\"modifications\":[]}"
            })
    void aMessageOutsideTheProtocolEndsThatSocketOnly(String frame) throws Exception {
        try (LiveSocket rude = open();
                LiveSocket other = open()) {
            rude.send(frame);
            rude.untilClosed(PATIENCE);
            other.follow(0, "users:me", "{}");
            await().until(() -> isNull(other, 0));
        }
    }

    private static String millisSince(long nanos) {
        return Long.toString((System.nanoTime() - nanos) / 1_000_000);
    }
}
