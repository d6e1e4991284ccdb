package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.webhook.WebhookVerdict.Verified;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** WorkOS's own Node packages sign for us and check what we sign. */
class GenuinePackageTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path CLIENTS = Path.of("..", "testing", "clients");
    private static final String SECRET = "whsec_Grüße_∑_1";
    private static final List<String> BODIES = List.of(
            "{\"id\":\"event_1\",\"event\":\"user.created\"}",
            "{ \"b\" : 1.0, \"a\" : \"\\u0040 not canonical\" }",
            "{\"name\":\"Zoë 東京 👩‍🚀\"}",
            "");

    private static Process node;
    private static BufferedWriter commands;
    private static BufferedReader answers;

    @BeforeAll
    static void startNode() throws IOException {
        Path bundled = CLIENTS.resolve("node_modules/.bin/node");
        assumeTrue(
                Files.isDirectory(CLIENTS.resolve("node_modules/@workos-inc/node")),
                "the genuine packages are not installed: run npm ci in testing/clients");
        String program = Files.isExecutable(bundled) ? bundled.toAbsolutePath().toString() : "node";
        node = new ProcessBuilder(program, "webhooks.mjs")
                .directory(CLIENTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(node.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stopNode() throws IOException, InterruptedException {
        if (node != null) {
            commands.close();
            if (!node.waitFor(10, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        }
    }

    @ParameterizedTest(name = "package {0}, body {1}")
    @CsvSource({"10,0", "10,1", "10,2", "10,3", "11,0", "11,1", "11,2", "11,3"})
    void whatThePackageSignsIsVerifiedHere(String version, int body) throws IOException {
        Instant now = InstantSource.system().instant();
        String payload = BODIES.get(body);
        JsonNode answer = ask(command("sign", version, payload).put("timestamp", now.toEpochMilli()));
        WebhookSignature signature = new WebhookSignature(List.of(new WebhookSecret(SECRET)), SettableClock.at(now));

        WebhookVerdict verdict = signature.verify(
                payload.getBytes(StandardCharsets.UTF_8),
                List.of(answer.get("header").stringValue()));

        assertThat(verdict).isEqualTo(new Verified(Instant.ofEpochMilli(now.toEpochMilli())));
    }

    @ParameterizedTest(name = "package {0}, body {1}")
    @CsvSource({"10,0", "10,1", "10,2", "10,3", "11,0", "11,1", "11,2", "11,3"})
    void whatIsSignedHereIsVerifiedByThePackageAndAWrongSignatureIsNot(String version, int body) throws IOException {
        long now = InstantSource.system().instant().toEpochMilli();
        String payload = BODIES.get(body);

        JsonNode right = ask(command("verify", version, payload).put("header", Signed.header(SECRET, now, payload)));
        JsonNode wrong = ask(command("verify", version, payload).put("header", Signed.header("other", now, payload)));

        assertThat(right.get("accepted").booleanValue()).isTrue();
        assertThat(wrong.get("accepted").booleanValue()).isFalse();
    }

    private static ObjectNode command(String verb, String version, String payload) {
        return JSON.createObjectNode()
                .put("do", verb)
                .put("package", version)
                .put("secret", SECRET)
                .put("payload", payload);
    }

    private static JsonNode ask(ObjectNode command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String line = answers.readLine();
        assertThat(line).as("the answer of Node").isNotNull();
        return JSON.readTree(line);
    }
}
