package dev.lockstep.workos.object;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object of one of the {@link ObjectKind}s as WorkOS describes it in an answer or an event.
 *
 * @param kind what it is
 * @param key the values at the paths of its kind, each usable as an id
 * @param updatedAt or null; pairs have none
 * @param raw the whole object without secrets; shared, not to be changed
 */
public record WorkOsObject(
        ObjectKind kind, List<String> key, @Nullable Instant updatedAt, JsonNode raw) {
    public WorkOsObject {
        key = List.copyOf(key);
    }

    /**
     * Reads an object.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when it is no object or a part of its key is
     *     missing
     */
    public static WorkOsObject from(ObjectKind kind, JsonNode json) {
        Fields fields = Fields.of(kind.label(), json);
        List<String> key =
                kind.key().stream().map(path -> part(kind, fields, path)).toList();
        return new WorkOsObject(kind, key, fields.time("updated_at"), Secrets.strip(json));
    }

    private static String part(ObjectKind kind, Fields fields, String path) {
        int dot = path.indexOf('.');
        return dot < 0
                ? fields.id(path)
                : Fields.of(kind.label() + "'s " + path.substring(0, dot), fields.object(path.substring(0, dot)))
                        .id(path.substring(dot + 1));
    }

    @Override
    public String toString() {
        return "WorkOsObject[" + kind + " " + key + "]";
    }
}
