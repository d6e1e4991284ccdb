package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.server.demo.DemoFolder;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The clients that people really use, from npm, against the whole server. */
class GenuineClientsTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final JsonMapper JSON = JsonMapper.shared();

    private static String password() {
        return new DemoFolder(demo.folder(), new SecureRandom()).secret("cookie-password");
    }

    private static JsonNode seal(String operation, String name, JsonNode value) throws Exception {
        ObjectNode question =
                JSON.createObjectNode().put("operation", operation).put("password", password());
        question.set(name, value);
        String answer = NodeProgram.run("seals.mjs", List.of(), Map.of(), List.of(question.toString()))
                .getFirst();
        assertThat(JSON.readTree(answer).has("error")).as(answer).isFalse();
        return JSON.readTree(answer).get("result");
    }

    private static JsonNode sealed(Visitor visitor) {
        return JSON.getNodeFactory().stringNode(visitor.cookies.get(Visitor.SESSION));
    }

    @Test
    void theBrowserClientFromNpmReadsAndEditsTheOwnRow() throws Exception {
        Visitor cleo = demo.visitor().signIn("cleo@globex.test");
        String bio = "typed by the genuine client " + UUID.randomUUID();
        List<String> said = NodeProgram.run(
                "live-profile.mjs",
                List.of(demo.address().toString(), bio),
                Map.of("LIVE_TOKEN", cleo.accessToken()),
                List.of());
        JsonNode seen = JSON.readTree(said.getLast().substring("seen ".length()));
        assertThat(seen.get("email").asString()).isEqualTo("cleo@globex.test");
        assertThat(seen.get("organization").asString()).isEqualTo("Globex Health");
        assertThat(seen.get("before").asString("")).isNotEqualTo(bio);
        assertThat(seen.get("atPromise").asString()).isEqualTo(bio);
        assertThat(seen.get("refused").asString()).contains("ArgumentError");
        assertThat(demo.database()
                        .<String>read(tx -> tx.sql("""
                        SELECT p.bio FROM app.profiles p JOIN workos.users u ON u.id = p.workos_user_id WHERE u.email = :email
                        """)
                                .param("email", "cleo@globex.test")
                                .query(String.class)
                                .single()))
                .isEqualTo(bio);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iron-session", "@workos/authkit-session", "@workos-inc/node", "@workos-inc/node-11"})
    void aCookieOfTheServerOpensInTheNodeLibraries(String library) throws Exception {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        JsonNode session = seal(library + " open", "sealed", sealed(ada));
        assertThat(session.at("/user/id").asString())
                .isEqualTo(ada.me().at("/user/id").asString());
        assertThat(session.at("/user/email").asString()).isEqualTo("ada@acme.test");
        assertThat(session.get("accessToken").asString().split("\\.")).hasSize(3);
        assertThat(session.get("refreshToken").asString()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iron-session", "@workos/authkit-session"})
    void aCookieOfTheNodeLibrariesIsAcceptedByTheServer(String library) throws Exception {
        Visitor ben = demo.visitor().signIn("ben@acme.test");
        JsonNode session = seal("iron-session open", "sealed", sealed(ben));
        String theirs = seal(library + " seal", "data", session).asString();
        assertThat(theirs).isNotEqualTo(ben.cookies.get(Visitor.SESSION)).endsWith("~2");
        HttpResponse<String> me = demo.visitor().withCookies("/api/auth/me", Visitor.SESSION + "=" + theirs);
        assertThat(me.statusCode()).isEqualTo(200);
        assertThat(Visitor.json(me).at("/data/user/email").asString()).isEqualTo("ben@acme.test");
        assertThat(Visitor.json(me).at("/data/sessionId").asString()).isEqualTo(ben.sessionId());
    }

    @Test
    void aCookieSignedInByTheNodeLibraryItselfIsAcceptedByTheServer() throws Exception {
        Visitor dev = demo.visitor().signIn("dev@globex.test");
        JsonNode session = seal("iron-session open", "sealed", sealed(dev));
        ObjectNode answer = JSON.createObjectNode();
        answer.set(
                "user",
                demo.demo().workOs().truth().users().stream()
                        .filter(user -> user.email().equals("dev@globex.test"))
                        .findFirst()
                        .<JsonNode>map(user -> JSON.createObjectNode()
                                .put("object", "user")
                                .put("id", user.id().value())
                                .put("email", user.email())
                                .put("email_verified", true)
                                .put("first_name", "Dev")
                                .put("last_name", "Patel")
                                .put("created_at", "2026-01-01T00:00:00.000Z")
                                .put("updated_at", "2026-01-01T00:00:00.000Z"))
                        .orElseThrow());
        answer.set("access_token", session.get("accessToken"));
        answer.set("refresh_token", session.get("refreshToken"));
        String theirs = seal("@workos-inc/node sign-in", "answer", answer).asString();
        HttpResponse<String> me = demo.visitor().withCookies("/api/auth/me", Visitor.SESSION + "=" + theirs);
        assertThat(me.statusCode()).as(me.body()).isEqualTo(200);
        assertThat(Visitor.json(me).at("/data/user/firstName").asString()).isEqualTo("Dev");
    }
}
