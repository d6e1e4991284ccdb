package dev.lockstep.live.client;

import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.live.wire.WireValues;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client follows, what it has been told, and the versions both have. The first Transition of a socket replaces all
 * results at once, so that nothing vanishes in between. Not thread-safe.
 */
final class QuerySet {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode START =
            JSON.readTree("{\"querySet\":0,\"identity\":0,\"ts\":\"" + WireTimestamp.encode(0) + "\"}");

    private final Map<Long, Followed> queries = new LinkedHashMap<>();
    private final Map<Long, String> journals = new HashMap<>();
    private Map<Long, LiveResult> results = new HashMap<>();
    private JsonNode version = START;
    private long asked;
    private long next;
    private long highest;

    private record Followed(String path, JsonNode args) {}

    long add(String path, JsonNode args) {
        queries.put(next, new Followed(path, args));
        return next++;
    }

    void remove(long id) {
        queries.remove(id);
        journals.remove(id);
    }

    /** The highest time that has been seen. */
    long highest() {
        return highest;
    }

    void saw(long ts) {
        highest = Math.max(highest, ts);
    }

    /** Begins anew on a fresh socket; returns the message that asks for everything. */
    String restart() {
        version = START;
        asked = 0;
        ObjectNode message = message();
        queries.keySet().forEach(id -> ((ArrayNode) message.get("modifications")).add(addition(id)));
        return message.toString();
    }

    String added(long id) {
        ObjectNode message = message();
        ((ArrayNode) message.get("modifications")).add(addition(id));
        return message.toString();
    }

    String removed(long id) {
        ObjectNode message = message();
        ((ArrayNode) message.get("modifications"))
                .addObject()
                .put("type", "Remove")
                .put("queryId", id);
        return message.toString();
    }

    private ObjectNode message() {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "ModifyQuerySet")
                .put("baseVersion", asked)
                .put("newVersion", asked + 1);
        asked++;
        message.putArray("modifications");
        return message;
    }

    private ObjectNode addition(long id) {
        Followed followed = Objects.requireNonNull(queries.get(id));
        ObjectNode add =
                JSON.createObjectNode().put("type", "Add").put("queryId", id).put("udfPath", followed.path());
        add.putArray("args").add(followed.args());
        String journal = journals.get(id);
        if (journal != null) {
            add.put("journal", journal);
        }
        return add;
    }

    /** Takes in a Transition; false when it does not begin where the last one ended. */
    boolean take(JsonNode transition) {
        if (!transition.get("startVersion").equals(version)) {
            return false;
        }
        Map<Long, LiveResult> fresh = version.equals(START) ? new HashMap<>() : results;
        long before = ts();
        version = transition.get("endVersion");
        if (ts() < before) {
            return false;
        }
        transition.get("modifications").forEach(change -> apply(fresh, change));
        results = fresh;
        saw(ts());
        return true;
    }

    private void apply(Map<Long, LiveResult> fresh, JsonNode change) {
        long id = change.get("queryId").longValue();
        if (!queries.containsKey(id)) {
            return;
        }
        switch (change.get("type").asString()) {
            case "QueryUpdated" -> fresh.put(id, new LiveResult.Value(WireValues.decode(change.get("value"))));
            case "QueryFailed" ->
                fresh.put(
                        id,
                        new LiveResult.Failed(
                                change.get("errorMessage").asString(), optional(change.get("errorData"))));
            default -> fresh.remove(id);
        }
        JsonNode journal = change.get("journal");
        if (journal != null && journal.isString()) {
            journals.put(id, journal.stringValue());
        }
    }

    static @Nullable Object optional(@Nullable JsonNode json) {
        return json == null ? null : WireValues.decode(json);
    }

    long identity() {
        return version.get("identity").longValue();
    }

    long ts() {
        return WireTimestamp.decode(version.get("ts").asString());
    }

    boolean isConfirmed() {
        return version.get("querySet").longValue() == asked;
    }

    LiveView view() {
        Map<Long, LiveResult> shown = new HashMap<>(results);
        shown.keySet().retainAll(queries.keySet());
        return new LiveView(ts(), shown);
    }
}
