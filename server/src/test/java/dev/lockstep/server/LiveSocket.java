package dev.lockstep.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client of the live endpoint that sends what it is told and keeps what comes, without any politeness. */
final class LiveSocket implements WebSocket.Listener, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<JsonNode> frames = new CopyOnWriteArrayList<>();
    private final Map<Long, JsonNode> results = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final List<Long> confirmed = new ArrayList<>();
    private WebSocket socket;
    private int querySet;
    private int identity;

    /** Opens a socket; headers are pairs of name and value. */
    static LiveSocket open(URI home, String... headers) {
        return openAt(home, "/api/1.48.0/sync", headers);
    }

    static LiveSocket openAt(URI home, String path, String... headers) {
        LiveSocket live = new LiveSocket();
        WebSocket.Builder builder =
                HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        URI address = URI.create(home.toString().replaceFirst("^http", "ws") + path);
        live.socket = builder.buildAsync(address, live).join();
        return live.send("""
                {"type":"Connect","sessionId":"%s","connectionCount":0,"lastCloseReason":null,"clientTs":1}\
                """.formatted(UUID.randomUUID()));
    }

    LiveSocket send(String frame) {
        socket.sendText(frame, true).join();
        return this;
    }

    LiveSocket authenticate(String token) {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "Authenticate")
                .put("tokenType", "User")
                .put("value", token)
                .put("baseVersion", identity++);
        return send(message.toString());
    }

    LiveSocket follow(long queryId, String path, String args) {
        return send("""
                {"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,"modifications":[\
                {"type":"Add","queryId":%d,"udfPath":"%s","args":[%s]}]}\
                """.formatted(querySet, ++querySet, queryId, path, args));
    }

    LiveSocket mutate(long requestId, String path, String args) {
        return send("""
                {"type":"Mutation","requestId":%d,"udfPath":"%s","args":[%s]}""".formatted(requestId, path, args));
    }

    /** The last result of a query; a failed one has the member errorMessage. */
    Optional<JsonNode> result(long queryId) {
        return Optional.ofNullable(results.get(queryId));
    }

    List<JsonNode> frames(String type) {
        return frames.stream()
                .filter(frame -> frame.get("type").asString().equals(type))
                .toList();
    }

    Optional<JsonNode> answer(long requestId) {
        return frames("MutationResponse").stream()
                .filter(frame -> frame.get("requestId").asLong() == requestId)
                .findFirst();
    }

    /** The identity versions that the server has confirmed, in order. */
    List<Long> confirmedIdentities() {
        synchronized (confirmed) {
            return List.copyOf(confirmed);
        }
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    /** Waits for the server to close and returns how long that took. */
    Duration untilClosed(Duration atMost) throws Exception {
        long from = System.nanoTime();
        closed.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            take(JSON.readTree(partial.toString()));
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    private void take(JsonNode frame) {
        frames.add(frame);
        if (!frame.get("type").asString().equals("Transition")) {
            return;
        }
        synchronized (confirmed) {
            confirmed.add(frame.at("/endVersion/identity").asLong());
        }
        for (JsonNode change : frame.get("modifications")) {
            long id = change.get("queryId").asLong();
            switch (change.get("type").asString()) {
                case "QueryUpdated" -> results.put(id, change.get("value"));
                case "QueryRemoved" -> results.remove(id);
                default -> results.put(id, change);
            }
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(-1);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
