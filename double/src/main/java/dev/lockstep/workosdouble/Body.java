package dev.lockstep.workosdouble;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads typed fields out of a JSON body and refuses the wrong ones with the field's name. */
record Body(ObjectNode json) {
    static Body of(Request request) {
        return new Body(request.json());
    }

    /** Null when absent or null. */
    @Nullable
    String text(String field) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw ApiRefusal.invalid(field, field + "_must_be_a_string");
        }
        return value.asString();
    }

    String required(String field) {
        String value = text(field);
        if (value == null || value.isBlank()) {
            throw ApiRefusal.invalid(field, field + "_required");
        }
        return value;
    }

    /** A list of texts; empty when absent or null. */
    List<String> texts(String field) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw ApiRefusal.invalid(field, field + "_must_be_a_list_of_strings");
        }
        return value.valueStream().map(JsonNode::asString).toList();
    }

    /** {@code domain_data}; null when absent. */
    @Nullable
    List<Domains.Wanted> domains() {
        JsonNode value = json.get("domain_data");
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            throw ApiRefusal.invalid("domain_data", "domain_data_must_be_a_list");
        }
        return value.valueStream()
                .map(each -> {
                    if (!(each instanceof ObjectNode object)) {
                        throw ApiRefusal.invalid("domain_data", "domain_data_must_hold_objects");
                    }
                    Body entry = new Body(object);
                    String state = entry.text("state");
                    return new Domains.Wanted(entry.required("domain"), state == null ? "pending" : state);
                })
                .toList();
    }

    UserPatch.Edit edit(String field) {
        return json.has(field) ? UserPatch.Edit.to(text(field)) : UserPatch.Edit.KEEP;
    }

    Optional<Boolean> flag(String field) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw ApiRefusal.invalid(field, field + "_must_be_a_boolean");
        }
        return Optional.of(value.booleanValue());
    }

    OptionalInt number(String field) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isInt()) {
            throw ApiRefusal.invalid(field, field + "_must_be_an_integer");
        }
        return OptionalInt.of(value.intValue());
    }

    /** Merged into what is there: a null value takes the key away, as in production. Null when absent. */
    @Nullable
    Map<String, String> metadata(Map<String, String> old) {
        return map("metadata", old);
    }

    /** An object of texts, merged into what is there; null when absent. */
    @Nullable
    Map<String, String> map(String field, Map<String, String> old) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            throw ApiRefusal.invalid(field, field + "_must_be_an_object");
        }
        Map<String, String> merged = new HashMap<>(old);
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (entry.getValue().isNull()) {
                merged.remove(entry.getKey());
            } else if (entry.getValue().isString()) {
                merged.put(entry.getKey(), entry.getValue().asString());
            } else {
                throw ApiRefusal.invalid(field, field + "_values_must_be_strings");
            }
        }
        return merged;
    }

    /** An object; empty when absent. */
    ObjectNode object(String field) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return Json.object();
        }
        if (!(value instanceof ObjectNode object)) {
            throw ApiRefusal.invalid(field, field + "_must_be_an_object");
        }
        return object;
    }
}
