package dev.lockstep.workos.object;

import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads the fields of one object leniently: a field that is missing or of another type reads as absent, so that a new
 * habit of WorkOS never stops a whole sync. Only ids are demanded.
 */
final class Fields {
    private static final int LONGEST_ID = 255;

    private final String kind;
    private final JsonNode object;

    private Fields(String kind, JsonNode object) {
        this.kind = kind;
        this.object = object;
    }

    static Fields of(String kind, JsonNode object) {
        if (!object.isObject()) {
            throw unusable("the " + kind + " is not an object");
        }
        return new Fields(kind, object);
    }

    /** Returns a text that must be there and fit an id. */
    String id(String name) {
        String value = text(name);
        if (value == null || !fitsAnId(value)) {
            throw unusable("the " + kind + " has no usable " + name);
        }
        return value;
    }

    /** Returns an id that may be missing; one that no id record would take counts as missing. */
    @Nullable
    String optionalId(String name) {
        String value = text(name);
        return (value != null && fitsAnId(value)) ? value : null;
    }

    @Nullable
    String text(String name) {
        JsonNode value = object.get(name);
        return (value != null && value.isString()) ? value.stringValue() : null;
    }

    boolean flag(String name) {
        JsonNode value = object.get(name);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    @Nullable
    Boolean optionalFlag(String name) {
        JsonNode value = object.get(name);
        return (value != null && value.isBoolean()) ? value.booleanValue() : null;
    }

    @Nullable
    Instant time(String name) {
        String value = text(name);
        return value == null ? null : WireTime.parse(value).orElse(null);
    }

    /** Returns the object under a name, or an empty one. */
    JsonNode object(String name) {
        JsonNode value = object.get(name);
        return (value != null && value.isObject()) ? value : JsonNodeFactory.instance.objectNode();
    }

    /** Returns the objects of an array, leaving out everything else in it. */
    List<JsonNode> objects(String name) {
        JsonNode value = object.get(name);
        List<JsonNode> found = new ArrayList<>();
        if (value != null && value.isArray()) {
            value.forEach(item -> {
                if (item.isObject()) {
                    found.add(item);
                }
            });
        }
        return found;
    }

    private static boolean fitsAnId(String value) {
        return !value.isBlank() && value.length() <= LONGEST_ID;
    }

    private static WorkOsException unusable(String reason) {
        return new WorkOsException(new MalformedAnswer(reason));
    }
}
