package dev.lockstep.live.http;

import dev.lockstep.live.wire.WireValues;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results for callers that know only JSON: bigints as digits, bytes as base64, unusual numbers by their names. */
final class PlainJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlainJson() {}

    static JsonNode of(JsonNode wire) {
        return plain(WireValues.decode(wire));
    }

    private static JsonNode plain(@Nullable Object value) {
        return switch (value) {
            case Long number -> NODES.stringNode(number.toString());
            case byte[] bytes -> NODES.stringNode(Base64.getEncoder().encodeToString(bytes));
            case Double number when !Double.isFinite(number) -> NODES.stringNode(number.toString());
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode();
                list.forEach(each -> array.add(plain(each)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((name, each) -> object.set((String) name, plain(each)));
                yield object;
            }
            case null, default -> WireValues.encode(value);
        };
    }
}
