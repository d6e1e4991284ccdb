package dev.lockstep.live;

import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page as the client library sees it: asserts the version rules, keeps the results, and drops the optimistic value of a
 * mutation only at a Transition that has passed its timestamp.
 */
final class FakeBrowser implements Outbound {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final UUID session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private LiveConnection connection;

    final List<JsonNode> frames = new ArrayList<>();
    final List<String> broken = new ArrayList<>();
    final Map<Long, JsonNode> results = new TreeMap<>();
    /** Every result a query has had, in order, as JSON text. */
    final Map<Long, List<String>> history = new TreeMap<>();

    final Map<Long, JsonNode> responses = new TreeMap<>();
    /** Mutations whose promise is resolved: responded, and passed by a Transition. */
    final Map<Long, JsonNode> resolved = new TreeMap<>();

    private JsonNode version = version(0, 0);
    private long querySet;
    private long identity;
    int closeCode;
    String closeReason = "";
    volatile int unsent;

    FakeBrowser(UUID session) {
        this.session = session;
    }

    static FakeBrowser open(LiveEngine engine) {
        return open(engine, UUID.randomUUID());
    }

    static FakeBrowser open(LiveEngine engine, UUID session) {
        FakeBrowser browser = new FakeBrowser(session);
        browser.connection = engine.open(browser, new dev.lockstep.live.connection.ConnectionFacts("test"));
        return browser;
    }

    FakeBrowser connect(int connectionCount) {
        return raw(("{\"type\":\"Connect\",\"sessionId\":\"%s\",\"connectionCount\":%d,\"lastCloseReason\":null,"
                        + "\"clientTs\":1}")
                .formatted(session, connectionCount));
    }

    FakeBrowser authenticate(String token) {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "Authenticate")
                .put("tokenType", "User")
                .put("value", token)
                .put("baseVersion", identity++);
        return raw(message.toString());
    }

    FakeBrowser signOut() {
        return raw("{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":" + identity++ + "}");
    }

    FakeBrowser follow(long queryId, String path, String args) {
        ObjectNode add = JSON.createObjectNode()
                .put("type", "Add")
                .put("queryId", queryId)
                .put("udfPath", path);
        add.putArray("args").add(JSON.readTree(args));
        return modify(add);
    }

    FakeBrowser leave(long queryId) {
        return modify(JSON.createObjectNode().put("type", "Remove").put("queryId", queryId));
    }

    FakeBrowser modify(JsonNode... steps) {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "ModifyQuerySet")
                .put("baseVersion", querySet)
                .put("newVersion", ++querySet);
        ArrayNode list = message.putArray("modifications");
        List.of(steps).forEach(list::add);
        return raw(message.toString());
    }

    FakeBrowser mutate(long requestId, String path, String args) {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "Mutation")
                .put("requestId", requestId)
                .put("udfPath", path);
        message.putArray("args").add(JSON.readTree(args));
        return raw(message.toString());
    }

    FakeBrowser act(long requestId, String path, String args) {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "Action")
                .put("requestId", requestId)
                .put("udfPath", path);
        message.putArray("args").add(JSON.readTree(args));
        return raw(message.toString());
    }

    FakeBrowser raw(String frame) {
        connection.onText(frame);
        return this;
    }

    void vanish() {
        connection.onClose();
    }

    @Override
    public void send(String text) {
        locked(() -> {
            JsonNode frame = JSON.readTree(text);
            frames.add(frame);
            switch (frame.get("type").asString()) {
                case "Transition" -> transition(frame);
                case "MutationResponse" -> response(frame);
                default -> {}
            }
        });
    }

    private void response(JsonNode frame) {
        long requestId = frame.get("requestId").longValue();
        responses.put(requestId, frame);
        if (!frame.get("success").booleanValue()) {
            resolved.put(requestId, frame);
        }
    }

    private void transition(JsonNode frame) {
        if (!frame.get("startVersion").equals(version)) {
            broken.add("Invalid start version: " + frame.get("startVersion") + " after " + version);
        }
        long before = ts(version);
        version = frame.get("endVersion");
        if (ts(version) < before) {
            broken.add("The clock went back");
        }
        for (JsonNode change : frame.get("modifications")) {
            long queryId = change.get("queryId").longValue();
            if (change.get("type").asString().equals("QueryRemoved")) {
                results.remove(queryId);
                continue;
            }
            JsonNode value = change.has("value") ? change.get("value") : change;
            results.put(queryId, value);
            history.computeIfAbsent(queryId, id -> new ArrayList<>()).add(value.toString());
        }
        responses.forEach((requestId, reply) -> {
            if (reply.get("success").booleanValue() && ts(reply.get("ts")) <= ts(version)) {
                resolved.putIfAbsent(requestId, reply);
            }
        });
    }

    private static long ts(JsonNode node) {
        JsonNode text = node.isObject() ? node.get("ts") : node;
        return dev.lockstep.live.wire.WireTimestamp.decode(text.asString());
    }

    @Override
    public void close(int code, String reason) {
        locked(() -> {
            closeCode = code;
            closeReason = reason;
        });
    }

    @Override
    public int unsent() {
        return unsent;
    }

    FakeBrowser await(String what, Predicate<FakeBrowser> condition) {
        long left = PATIENCE.toNanos();
        lock.lock();
        try {
            while (!condition.test(this)) {
                if (left <= 0) {
                    throw new AssertionError("Never came: " + what + "; frames: " + frames + ", closed: " + closeCode
                            + " " + closeReason);
                }
                left = news.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)))
                        + left
                        - Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
            }
            if (!broken.isEmpty()) {
                throw new AssertionError(broken);
            }
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    FakeBrowser awaitResult(long queryId, String json) {
        JsonNode expected = JSON.readTree(json);
        return await("result " + json + " of query " + queryId, b -> expected.equals(b.results.get(queryId)));
    }

    FakeBrowser awaitFailure(long queryId) {
        return await(
                "a failure of query " + queryId,
                b -> b.results.get(queryId) != null && b.results.get(queryId).has("errorMessage"));
    }

    FakeBrowser awaitResolved(long requestId) {
        return await("the promise of mutation " + requestId, b -> b.resolved.containsKey(requestId));
    }

    FakeBrowser awaitClosed() {
        return await("the close", b -> b.closeCode != 0);
    }

    /** The frames of a type so far. */
    List<JsonNode> framesOf(String type) {
        lock.lock();
        try {
            return frames.stream()
                    .filter(frame -> frame.get("type").asString().equals(type))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static JsonNode version(long querySet, long identity) {
        return JSON.readTree("{\"querySet\":%d,\"identity\":%d,\"ts\":\"AAAAAAAAAAA=\"}".formatted(querySet, identity));
    }
}
