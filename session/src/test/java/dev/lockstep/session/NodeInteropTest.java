package dev.lockstep.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.NodeScript;
import dev.lockstep.session.kit.RandomSessions;
import dev.lockstep.session.kit.RandomSessions.Sample;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Cookies travel between this module and WorkOS's own Node libraries, both ways. */
class NodeInteropTest {
    private static final Logger log = LoggerFactory.getLogger(NodeInteropTest.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SAMPLES = 300;
    private static final String NEWER_PASSWORD = "a-newer-cookie-password-that-seals-from-now-on";

    private final SessionKit kit = new SessionKit();
    private final long seed = Long.getLong("lockstep.seed", System.nanoTime());
    private final List<Sample> samples = new RandomSessions(seed).take(SAMPLES);

    @Test
    void theGenuinePackagesAreThere() {
        String versions = NodeScript.named("versions.mjs").run(List.of()).getFirst();
        log.info("sealed cookies are exchanged with {}", versions);
        assertThat(JSON.readTree(versions).propertyNames()).contains("iron-session", "@workos-inc/node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iron-session", "@workos/authkit-session", "@workos-inc/authkit-nextjs"})
    void whatTheySealedOpensHere(String library) {
        List<JsonNode> sealed = ask(samples.stream()
                .map(sample ->
                        question(library + " seal", sample.password(), "data", JSON.readTree(sample.cookieJson())))
                .toList());
        for (int i = 0; i < SAMPLES; i++) {
            SealedSession opened = open(sealed.get(i).stringValue(), samples.get(i), i);
            assertThat(JSON.readTree(opened.user().json()))
                    .as(where(i))
                    .isEqualTo(JSON.readTree(samples.get(i).cookieJson()).get("user"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@workos-inc/node", "@workos-inc/node-11"})
    void aSignInOfTheNodeLibrarySealsWhatWeWouldHaveSealed(String library) {
        List<JsonNode> sealed = ask(samples.stream()
                .map(sample ->
                        question(library + " sign-in", sample.password(), "answer", JSON.readTree(sample.apiJson())))
                .toList());
        for (int i = 0; i < SAMPLES; i++) {
            Sample sample = samples.get(i);
            SealedSession opened = open(sealed.get(i).stringValue(), sample, i);
            UserJson ours = UserJson.fromApi(
                            JSON.readTree(sample.apiJson()).get("user").toString())
                    .orElseThrow();
            assertThat(JSON.readTree(opened.user().json())).as(where(i)).isEqualTo(ours.tree());
            assertThat(opened.impersonator())
                    .as(where(i))
                    .isEqualTo(sample.session().impersonator());
            assertThat(opened.authenticationMethod())
                    .as(where(i))
                    .isEqualTo(sample.session().authenticationMethod());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iron-session",
                "@workos/authkit-session",
                "@workos-inc/authkit-nextjs",
                "@workos-inc/node",
                "@workos-inc/node-11"
            })
    void whatWeSealedOpensThere(String library) {
        List<JsonNode> opened = ask(samples.stream()
                .map(sample -> question(
                        library + " open",
                        sample.password(),
                        "sealed",
                        SessionKit.value(kit.sealer(keys(sample.password())).seal(sample.session()))))
                .toList());
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(opened.get(i))
                    .as(where(i))
                    .isEqualTo(JSON.readTree(samples.get(i).cookieJson()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iron-session",
                "@workos/authkit-session",
                "@workos-inc/authkit-nextjs",
                "@workos-inc/node",
                "@workos-inc/node-11"
            })
    void whatWeSealedDoesNotOpenThereUnderAnotherPassword(String library) {
        Sample sample = samples.getFirst();
        String sealed = SessionKit.value(kit.sealer(keys(sample.password())).seal(sample.session()));
        JsonNode answer = answers(List.of(question(library + " open", NEWER_PASSWORD, "sealed", sealed)))
                .getFirst();
        assertThat(answer.has("error") || answer.get("result").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iron-session",
                "@workos/authkit-session",
                "@workos-inc/authkit-nextjs",
                "@workos-inc/node",
                "@workos-inc/node-11"
            })
    void aChangedPasswordKeepsTheirCookiesHereAndWhatIsSealedAgainOpensThere(String library) {
        List<JsonNode> theirs =
                ask(samples.stream().map(sample -> sealing(library, sample)).toList());
        var again = new ArrayList<ObjectNode>();
        for (int i = 0; i < SAMPLES; i++) {
            CookieKeys both =
                    CookieKeys.of(List.of(NEWER_PASSWORD, samples.get(i).password()));
            OpenOutcome outcome = kit.sealer(both).open(theirs.get(i).stringValue());
            assertThat(outcome).as(where(i)).isInstanceOf(OpenOutcome.Opened.class);
            OpenOutcome.Opened opened = (OpenOutcome.Opened) outcome;
            assertThat(opened.oldKey()).as(where(i)).isTrue();
            String sealed = SessionKit.value(kit.sealer(both).seal(opened.session()));
            again.add(question(library + " open", NEWER_PASSWORD, "sealed", sealed));
        }
        List<JsonNode> opened = ask(again);
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(opened.get(i).get("refreshToken").stringValue())
                    .as(where(i))
                    .isEqualTo(samples.get(i).session().refreshToken());
            assertThat(opened.get(i).get("user"))
                    .as(where(i))
                    .isEqualTo(JSON.readTree(samples.get(i).cookieJson()).get("user"));
        }
    }

    /** The Node SDK seals only what it was signed in with; the others seal what they are given. */
    private static ObjectNode sealing(String library, Sample sample) {
        return library.startsWith("@workos-inc/node")
                ? question(library + " sign-in", sample.password(), "answer", JSON.readTree(sample.apiJson()))
                : question(library + " seal", sample.password(), "data", JSON.readTree(sample.cookieJson()));
    }

    @Test
    void anEndInsideTheirSealIsKeptHere() {
        kit.clock.set(java.time.Instant.ofEpochMilli(System.currentTimeMillis()));
        Sample sample = samples.getFirst();
        ObjectNode question =
                question("iron-session seal", sample.password(), "data", JSON.readTree(sample.cookieJson()));
        question.put("ttl", 600);
        String sealed = ask(List.of(question)).getFirst().stringValue();
        open(sealed, sample, 0);
        kit.clock.advance(java.time.Duration.ofSeconds(700));
        assertThat(kit.sealer(keys(sample.password())).open(sealed)).isInstanceOf(OpenOutcome.Expired.class);
    }

    private SealedSession open(String sealed, Sample sample, int index) {
        OpenOutcome outcome = kit.sealer(keys(sample.password())).open(sealed);
        assertThat(outcome).as(where(index)).isInstanceOf(OpenOutcome.Opened.class);
        SealedSession session = ((OpenOutcome.Opened) outcome).session();
        assertThat(session.accessToken())
                .as(where(index))
                .isEqualTo(sample.session().accessToken());
        assertThat(session.refreshToken())
                .as(where(index))
                .isEqualTo(sample.session().refreshToken());
        return session;
    }

    private String where(int index) {
        return "sample " + index + " of seed " + seed + " (repeat it with -Dlockstep.seed=" + seed + ")";
    }

    private static CookieKeys keys(String password) {
        return CookieKeys.of(List.of(password));
    }

    private static ObjectNode question(String operation, String password, String name, Object value) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("operation", operation);
        question.put("password", password);
        question.put(name, value);
        return JSON.valueToTree(question);
    }

    private List<JsonNode> ask(List<ObjectNode> questions) {
        var results = new ArrayList<JsonNode>();
        for (JsonNode answer : answers(questions)) {
            assertThat(answer.has("error")).as("%s, seed %d", answer, seed).isFalse();
            results.add(answer.get("result"));
        }
        return results;
    }

    private static List<JsonNode> answers(List<ObjectNode> questions) {
        boolean next = questions.getFirst().get("operation").stringValue().startsWith("@workos-inc/authkit-nextjs");
        List<String> lines = (next ? NodeScript.ofNextJs("seals.mjs") : NodeScript.named("seals.mjs"))
                .run(questions.stream().map(ObjectNode::toString).toList());
        assertThat(lines).hasSameSizeAs(questions);
        return lines.stream().<JsonNode>map(JSON::readTree).toList();
    }
}
