package dev.lockstep.workos.user;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What to change about a user at WorkOS; what it does not name stays. Immutable. */
public final class UserChange {
    private final Map<String, @Nullable String> fields;

    private UserChange(Map<String, @Nullable String> fields) {
        this.fields = fields;
    }

    /** Returns the change that changes nothing. */
    public static UserChange nothing() {
        return new UserChange(Map.of());
    }

    /** Also sets the first name; null removes it. */
    public UserChange firstName(@Nullable String value) {
        return with("first_name", value);
    }

    /** Also sets the last name; null removes it. */
    public UserChange lastName(@Nullable String value) {
        return with("last_name", value);
    }

    /** Also sets the application's own id; null removes it. */
    public UserChange externalId(@Nullable String value) {
        return with("external_id", value);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach(json::put);
        return json;
    }

    private UserChange with(String name, @Nullable String value) {
        Map<String, @Nullable String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new UserChange(Collections.unmodifiableMap(more));
    }

    @Override
    public String toString() {
        return "UserChange" + fields.keySet();
    }
}
