package dev.lockstep.sync.inbox;

import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.StrictJson;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Shows the shape of an event to an operator: names, ids, times and states stay, every other value is blotted out. */
final class Redaction {
    private static final Set<String> STAYS =
            Set.of("id", "event", "object", "status", "state", "slug", "created_at", "updated_at");

    private Redaction() {}

    static String of(byte[] body) {
        return switch (StrictJson.read(body)) {
            case JsonReading.Sound(JsonNode value) -> blot("", value).toPrettyString();
            case JsonReading.Refused(JsonReading.Fault fault, String detail) ->
                body.length + " bytes that cannot be read: " + fault + ", " + detail;
        };
    }

    private static JsonNode blot(String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                copy.set(field.getKey(), blot(field.getKey(), field.getValue()));
            }
            return copy;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> copy.add(blot(name, item)));
            return copy;
        }
        if (value.isString()) {
            boolean stays = STAYS.contains(name) || name.endsWith("_id");
            return stays ? value : StringNode.valueOf("… " + value.stringValue().length() + " characters");
        }
        return value.isNumber() ? StringNode.valueOf("… a number") : value;
    }
}
