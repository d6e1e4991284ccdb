package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Chromium with one tab, driven by its own protocol alone. The driver of the other browser tests keeps each tab awake
 * and in focus, so that none of its tabs can be put to sleep.
 */
final class BareChromium implements AutoCloseable, WebSocket.Listener {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path profile;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final StringBuilder parts = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final String target;
    private @Nullable String tab;

    BareChromium(Path program, Path profile) throws IOException {
        this.profile = profile;
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .start();
        socket = http.newWebSocketBuilder().buildAsync(address(process), this).join();
        target = send("Target.getTargets", Map.of())
                .get("targetInfos")
                .valueStream()
                .filter(info -> info.get("type").asString().equals("page"))
                .findFirst()
                .orElseThrow()
                .get("targetId")
                .asString();
        tab = send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
    }

    private static URI address(Process process) throws IOException {
        BufferedReader lines = process.errorReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                Thread.ofVirtual()
                        .name("chromium-output")
                        .start(() -> lines.lines().forEach(ignored -> {}));
                return URI.create(line.substring("DevTools listening on ".length()));
            }
        }
        throw new AssertionError("Chromium did not start");
    }

    /** Sends one command of the protocol to the tab and returns its result. */
    JsonNode send(String method, Map<String, ?> params) {
        int id = next.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(params));
        if (tab != null) {
            message.put("sessionId", tab);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode reply =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(reply.has("error")).as(reply.toString()).isFalse();
        return reply.get("result");
    }

    /** Opens another tab in front of this one. */
    void coverWithAnotherTab() {
        String own = Objects.requireNonNull(tab);
        tab = null;
        send("Target.createTarget", Map.of("url", "about:blank"));
        tab = own;
    }

    /** Brings the tab to the front again, as a click on it does. */
    void show() {
        String own = Objects.requireNonNull(tab);
        tab = null;
        send("Target.activateTarget", Map.of("targetId", target));
        tab = own;
    }

    /** The value of an expression in the tab. */
    JsonNode evaluate(String expression) {
        JsonNode reply = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        assertThat(reply.has("exceptionDetails")).as(reply.toString()).isFalse();
        return reply.get("result").path("value");
    }

    void until(String condition) {
        await(condition)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> evaluate("Boolean(" + condition + ")").booleanValue());
    }

    List<String> texts(String expression) {
        return evaluate(expression).valueStream().map(JsonNode::asString).toList();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            JsonNode message = JSON.readTree(parts.toString());
            parts.setLength(0);
            CompletableFuture<JsonNode> waiting =
                    asked.remove(message.path("id").asInt(0));
            if (waiting != null) {
                waiting.complete(message);
            }
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.close();
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        all.forEach(child -> {
            child.destroyForcibly();
            child.onExit().join();
        });
        try (var files = Files.walk(profile)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
