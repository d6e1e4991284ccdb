package dev.lockstep.sync.projection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Observations of the objects of one table, brought down to as few rows as the merge allows: the events about an object
 * are one row, by the same rule by which the database would join them one after another. A snapshot stays a row of its
 * own. Not thread-safe.
 */
final class Joined {
    private final MirrorTable.Rule rule;
    private final Map<List<String>, ObjectNode> events = new HashMap<>();
    private final boolean apart;
    private final Map<List<String>, List<ObjectNode>> others = new HashMap<>();
    private final Set<List<String>> tied = new HashSet<>();

    /** @param apart whether even events stay apart */
    Joined(MirrorTable.Rule rule, boolean apart) {
        this.rule = rule;
        this.apart = apart;
    }

    /** Adds a row; it may be changed from here on. */
    void add(List<String> key, ObjectNode row) {
        if (apart || !row.has("event_at")) {
            others.computeIfAbsent(key, same -> new ArrayList<>()).add(row);
            return;
        }
        ObjectNode held = events.putIfAbsent(key, row);
        if (held != null) {
            events.put(key, join(key, held, row));
        }
    }

    /** The keys of objects of which two different events, neither of them its end, are of one moment. */
    Set<List<String>> tied() {
        return tied;
    }

    /** Rows in the order of their keys; no key twice within a round. */
    List<ArrayNode> rounds() {
        Map<String, List<ObjectNode>> byKey = new TreeMap<>();
        events.forEach((key, row) -> byKey.computeIfAbsent(String.join("/", key), same -> new ArrayList<>())
                .add(row));
        others.forEach((key, rows) -> byKey.computeIfAbsent(String.join("/", key), same -> new ArrayList<>())
                .addAll(rows));
        List<ArrayNode> rounds = new ArrayList<>();
        for (List<ObjectNode> rows : byKey.values()) {
            for (int round = 0; round < rows.size(); round++) {
                if (round == rounds.size()) {
                    rounds.add(JsonNodeFactory.instance.arrayNode());
                }
                // What is missing is null to the database, and needs no words on the way there.
                rounds.get(round).add(rows.get(round).removeIf(JsonNode::isNull));
            }
        }
        return rounds;
    }

    private ObjectNode join(List<String> key, ObjectNode one, ObjectNode other) {
        int order = compare(one, other, "event_at", "event_id");
        if (order != 0
                && !one.has("deleted_at")
                && !other.has("deleted_at")
                && time(one).equals(time(other))) {
            tied.add(key);
        }
        ObjectNode newer = order >= 0 ? one : other;
        return switch (rule) {
            case RETURNING -> newer;
            case TERMINAL -> {
                ObjectNode tomb = earlierTomb(one, other);
                if (tomb != null) {
                    newer.set("deleted_at", tomb.get("deleted_at"));
                    newer.set("deleted_by", tomb.get("deleted_by"));
                }
                yield newer;
            }
        };
    }

    private static @Nullable ObjectNode earlierTomb(ObjectNode one, ObjectNode other) {
        if (!one.has("deleted_at")) {
            return other.has("deleted_at") ? other : null;
        }
        return !other.has("deleted_at") || compare(one, other, "deleted_at", "deleted_by") <= 0 ? one : other;
    }

    /** By time, then by the bytes of the text, as the database compares. */
    private static int compare(ObjectNode one, ObjectNode other, String time, String text) {
        int order = Instant.parse(one.get(time).stringValue())
                .compareTo(Instant.parse(other.get(time).stringValue()));
        return order != 0
                ? order
                : Arrays.compareUnsigned(
                        one.get(text).stringValue().getBytes(StandardCharsets.UTF_8),
                        other.get(text).stringValue().getBytes(StandardCharsets.UTF_8));
    }

    private static Instant time(ObjectNode row) {
        return Instant.parse(row.get("event_at").stringValue());
    }
}
