package dev.lockstep.sync;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How others decide what an event does to a row, re-stated as rules over a map and without a database. The rules are
 * theirs, the sentences are ours: no code of theirs runs here, and what else they do is left out.
 */
public enum PeerRule {
    /** An upsert or a removal, in the order of arrival. */
    LAST_ARRIVAL("what arrives last is right") {
        @Override
        boolean applies(Map<ObjectKind, Map<String, JsonNode>> rows, Arrived arrived) {
            return arrived.stores(rows);
        }
    },
    /** The rule that WorkOS describes: skipped when the row is newer. A removal asks nothing. */
    NOT_OLDER("skipped when the row has a later updated_at") {
        @Override
        boolean applies(Map<ObjectKind, Map<String, JsonNode>> rows, Arrived arrived) {
            return arrived.heldAgainst(rows) > 0 || arrived.stores(rows);
        }
    },
    /** The same with equal times skipped as well, as in components that compare with "at least as new". */
    STRICTLY_NEWER("skipped unless its updated_at is later than that of the row") {
        @Override
        boolean applies(Map<ObjectKind, Map<String, JsonNode>> rows, Arrived arrived) {
            return arrived.heldAgainst(rows) >= 0 || arrived.stores(rows);
        }
    },
    /**
     * Inserts that fail when the row is there, updates and removals that fail when it is not, foreign keys. What fails
     * is answered with 400 and delivered six times more.
     */
    AS_TABLES_ALLOW("insert, update or delete, and an error where the table refuses") {
        @Override
        boolean applies(Map<ObjectKind, Map<String, JsonNode>> rows, Arrived arrived) {
            boolean there = of(rows, arrived.kind).containsKey(arrived.key);
            boolean parents = SimulatedWorkOs.references(arrived.kind).entrySet().stream()
                    .allMatch(one -> of(rows, one.getKey()).containsKey(arrived.text(one.getValue())));
            return (arrived.change == Change.CREATED ? !there && parents : there) && arrived.stores(rows);
        }
    };

    private static final int REDELIVERIES = 6;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, Meaning> MEANINGS = meanings();

    private final String words;

    PeerRule(String words) {
        this.words = words;
    }

    private enum Change {
        CREATED,
        UPDATED,
        DELETED
    }

    private record Meaning(ObjectKind kind, Change change) {}

    private record Delivery(Arrived arrived, int attempt) {}

    /** What the rule says, in words. */
    public String words() {
        return words;
    }

    /** Whether that was dealt with; false when the sender hears an error. */
    abstract boolean applies(Map<ObjectKind, Map<String, JsonNode>> rows, Arrived arrived);

    /** What the rule makes of deliveries, by kind and key. */
    public Map<ObjectKind, Map<String, JsonNode>> rows(List<byte[]> deliveries) {
        Map<ObjectKind, Map<String, JsonNode>> rows = new EnumMap<>(ObjectKind.class);
        for (ObjectKind kind : ObjectKind.values()) {
            rows.put(kind, new HashMap<>());
        }
        Deque<Delivery> again = new ArrayDeque<>();
        for (byte[] body : deliveries) {
            Arrived arrived = Arrived.of(body);
            if (!applies(rows, arrived)) {
                again.add(new Delivery(arrived, 1));
            }
        }
        while (!again.isEmpty()) {
            Delivery next = again.remove();
            if (!applies(rows, next.arrived) && next.attempt < REDELIVERIES) {
                again.add(new Delivery(next.arrived, next.attempt + 1));
            }
        }
        return rows;
    }

    /** How many objects of a kind are not as WorkOS has them: there and gone, gone and there, or with another content. */
    public static int divergent(SimulatedWorkOs workOs, ObjectKind kind, Map<String, JsonNode> rows, boolean contents) {
        int divergent = 0;
        Map<String, String> truth = workOs.alive(kind);
        for (String key : rows.keySet()) {
            divergent += truth.containsKey(key) ? 0 : 1;
        }
        for (Map.Entry<String, String> object : truth.entrySet()) {
            JsonNode held = rows.get(object.getKey());
            boolean same = held != null && (!contents || held.equals(JSON.readTree(object.getValue())));
            divergent += same ? 0 : 1;
        }
        return divergent;
    }

    private static Map<String, Meaning> meanings() {
        Map<String, Meaning> meanings = new HashMap<>();
        for (ObjectKind kind : ObjectKind.values()) {
            meanings.put(SimulatedEvents.updated(kind), new Meaning(kind, Change.UPDATED));
            meanings.put(SimulatedEvents.created(kind), new Meaning(kind, Change.CREATED));
            meanings.put(SimulatedEvents.deleted(kind), new Meaning(kind, Change.DELETED));
        }
        return meanings;
    }

    private static Map<String, JsonNode> of(Map<ObjectKind, Map<String, JsonNode>> rows, ObjectKind kind) {
        return Objects.requireNonNull(rows.get(kind));
    }

    /** An event as a webhook endpoint reads it. */
    static final class Arrived {
        private final ObjectKind kind;
        private final Change change;
        private final String key;
        private final JsonNode object;

        private Arrived(Meaning meaning, JsonNode object) {
            this.kind = meaning.kind;
            this.change = meaning.change;
            this.key = String.join("/", WorkOsObject.from(meaning.kind, object).key());
            this.object = object;
        }

        static Arrived of(byte[] body) {
            JsonNode event = JSON.readTree(body);
            return new Arrived(
                    Objects.requireNonNull(MEANINGS.get(event.get("event").stringValue())), event.get("data"));
        }

        private boolean stores(Map<ObjectKind, Map<String, JsonNode>> rows) {
            if (change == Change.DELETED) {
                PeerRule.of(rows, kind).remove(key);
            } else {
                PeerRule.of(rows, kind).put(key, object);
            }
            return true;
        }

        /** Compares the time of the row with that of the event; -1 where there is nothing to compare. */
        private int heldAgainst(Map<ObjectKind, Map<String, JsonNode>> rows) {
            JsonNode held = PeerRule.of(rows, kind).get(key);
            if (held == null || change == Change.DELETED || !object.has("updated_at")) {
                return -1;
            }
            return time(held).compareTo(time(object));
        }

        private static Instant time(JsonNode object) {
            return Instant.parse(object.get("updated_at").stringValue());
        }

        private String text(String path) {
            return SimulatedWorkOs.text(object, path);
        }
    }
}
