package dev.lockstep.workos.object;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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

    /** Returns an object as it was kept before, which is trusted to have the key. */
    public static WorkOsObject held(ObjectKind kind, List<String> key, JsonNode raw) {
        return new WorkOsObject(kind, key, Fields.of(kind.label(), raw).time("updated_at"), raw);
    }

    /**
     * Demands ids of other objects that it must name.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when one is missing
     */
    public void demandIds(String... names) {
        Fields fields = Fields.of(kind.label(), raw);
        for (String name : names) {
            fields.id(name);
        }
    }

    /**
     * Returns the objects of other kinds that it carries whole: the domains of an organization, and of a person in a
     * directory that they are in their groups. Events mostly leave these out.
     */
    public List<WorkOsObject> inside() {
        return switch (kind) {
            case ORGANIZATION -> parts("domains", ObjectKind.ORGANIZATION_DOMAIN, this::domain);
            case DIRECTORY_USER -> parts("groups", ObjectKind.DIRECTORY_GROUP_MEMBER, this::membership);
            case USER,
                    ORGANIZATION_MEMBERSHIP,
                    SESSION,
                    ORGANIZATION_DOMAIN,
                    ROLE,
                    ORGANIZATION_ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY,
                    DIRECTORY_GROUP,
                    DIRECTORY_GROUP_MEMBER,
                    CONNECTION,
                    GROUP,
                    GROUP_MEMBER,
                    FEATURE_FLAG,
                    API_KEY -> List.of();
        };
    }

    /** Leaves out what has no usable key of its own. */
    private List<WorkOsObject> parts(String name, ObjectKind of, UnaryOperator<ObjectNode> whole) {
        List<WorkOsObject> parts = new ArrayList<>();
        for (JsonNode part : Fields.of(kind.label(), raw).objects(name)) {
            if (Fields.of(name, part).optionalId("id") != null) {
                parts.add(from(of, whole.apply((ObjectNode) part.deepCopy())));
            }
        }
        return List.copyOf(parts);
    }

    private ObjectNode domain(ObjectNode domain) {
        return domain.has("organization_id") ? domain : domain.put("organization_id", key.getFirst());
    }

    private ObjectNode membership(ObjectNode group) {
        ObjectNode pair = JsonNodeFactory.instance.objectNode();
        pair.set("directory_id", raw.path("directory_id"));
        pair.putObject("group").put("id", group.path("id").stringValue());
        pair.putObject("user").put("id", key.getFirst());
        return pair;
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
