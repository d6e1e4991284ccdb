package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows on their way into a mirrored table, as JSON with the names of its columns. What the four tables share. */
final class Rows {
    private final List<ObjectNode> rows = new ArrayList<>();

    static ObjectNode row(String id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }

    /** Writes a time as PostgreSQL holds it; what it cannot hold is cut, not rounded. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    static @Nullable JsonNode part(JsonNode raw, String name) {
        JsonNode found = raw.get(name);
        return found == null || found.isNull() ? null : found;
    }

    void add(ObjectNode row) {
        rows.add(row);
    }

    ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach(all::add);
        return all;
    }

    String[] ids() {
        return rows.stream().map(Rows::id).distinct().sorted().toArray(String[]::new);
    }

    String[] buriedIds() {
        return rows.stream()
                .filter(row -> row.has("deleted_at"))
                .map(Rows::id)
                .distinct()
                .sorted()
                .toArray(String[]::new);
    }

    /**
     * Runs the upsert of a table over all rows. One statement may touch a row once, so several observations of one
     * object go one after another; their order does not matter to the merge.
     */
    void upsert(Tx tx, String statement) {
        for (ArrayNode round : rounds()) {
            tx.sql(statement).param("rows", round.toString()).update();
        }
    }

    private List<ArrayNode> rounds() {
        List<ArrayNode> rounds = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        List<ObjectNode> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(Rows::id));
        for (ObjectNode row : sorted) {
            int round = seen.merge(id(row), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(JsonNodeFactory.instance.arrayNode());
            }
            rounds.get(round).add(row);
        }
        return rounds;
    }

    private static String id(ObjectNode row) {
        return row.get("id").stringValue();
    }
}
