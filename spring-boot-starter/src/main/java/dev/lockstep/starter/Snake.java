package dev.lockstep.starter;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns the camelCase user of a session back into the names of the API. Nested objects are the person's own: kept. */
final class Snake {
    private Snake() {}

    static ObjectNode of(JsonNode camel) {
        ObjectNode snake = JsonNodeFactory.instance.objectNode();
        camel.properties()
                .forEach(field -> snake.set(
                        field.getKey().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), field.getValue()));
        return snake;
    }
}
