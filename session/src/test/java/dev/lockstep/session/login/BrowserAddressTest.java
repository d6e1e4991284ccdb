package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.NodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our reading of return paths against the address parser that browsers share, and our names against WorkOS's. */
class BrowserAddressTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SAMPLES = 20_000;
    private static final List<String> PIECES = List.of(
            "/",
            "/",
            "//",
            "\\",
            "\\\\",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "?",
            "#",
            ":",
            "@",
            ";",
            "&",
            "=",
            "https:",
            "http:",
            "HTTPS:",
            "https",
            "javascript:",
            "x:",
            "evil.test",
            "a",
            "b",
            "c d",
            "\t",
            "\n",
            "\r",
            " ",
            "\u0000",
            "\u001f",
            "é",
            "😀",
            "\"",
            "<",
            ">",
            "`",
            "'",
            "{",
            "}",
            "|",
            "^",
            "%",
            "%zz",
            "[",
            "]",
            "~",
            "*");

    private final long seed = Long.getLong("lockstep.seed", System.nanoTime());

    @Test
    void whereverABrowserWouldStayOnTheSiteOrReadAPathWeReadTheSame() {
        List<String> inputs = samples();
        List<String> lines = NodeScript.named("addresses.mjs")
                .run(inputs.stream()
                        .map(input -> JSON.writeValueAsString(Map.of("input", input)))
                        .toList());
        int compared = 0;
        for (int i = 0; i < SAMPLES; i++) {
            JsonNode result = JSON.readTree(lines.get(i)).path("result");
            String protocol = result.path("protocol").asString("");
            if (protocol.equals("https:") || protocol.equals("http:")) {
                assertThat(ReturnPath.of(inputs.get(i)).replace("%5E", "^"))
                        .as("input %s, seed %d", JSON.writeValueAsString(inputs.get(i)), seed)
                        .isEqualTo(result.path("path").stringValue().replace("%5E", "^"));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(SAMPLES / 3);
    }

    @Test
    void aBrowserThatFollowsOurPathStaysOnTheSite() {
        List<String> paths = samples().stream().map(ReturnPath::of).toList();
        List<String> lines = NodeScript.named("addresses.mjs")
                .run(paths.stream()
                        .map(path -> JSON.writeValueAsString(Map.of("input", path)))
                        .toList());
        for (int i = 0; i < SAMPLES; i++) {
            JsonNode result = JSON.readTree(lines.get(i)).path("result");
            assertThat(result.path("host").asString(""))
                    .as("path %s, seed %d", paths.get(i), seed)
                    .isEqualTo("app.example.test");
            assertThat(result.path("protocol").asString("")).isEqualTo("https:");
        }
    }

    @Test
    void theCookieOfAnAttemptIsNamedAsWorkOsNamesIt() {
        List<String> states = samples().subList(0, 500);
        List<String> lines = NodeScript.named("seals.mjs")
                .run(states.stream()
                        .map(state -> JSON.writeValueAsString(Map.of("operation", "flow cookie name", "state", state)))
                        .toList());
        for (int i = 0; i < states.size(); i++) {
            assertThat(FlowCookie.nameFor(states.get(i)))
                    .isEqualTo(JSON.readTree(lines.get(i)).path("result").stringValue());
        }
    }

    private List<String> samples() {
        var random = new Random(seed);
        var samples = new ArrayList<String>();
        for (int i = 0; i < SAMPLES; i++) {
            var sample = new StringBuilder(random.nextBoolean() ? "/" : "");
            for (int n = random.nextInt(8); n >= 0; n--) {
                sample.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            samples.add(sample.toString());
        }
        return samples;
    }
}
