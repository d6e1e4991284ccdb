package dev.lockstep.workosdouble;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is alive in the double at one moment, oldest first: what a perfect mirror would hold.
 * Sessions are the active, unexpired ones.
 *
 * @param objects the rest, as the documents that the API shows; a kind of which there is nothing has an empty list
 */
public record TruthSnapshot(
        List<UserRecord> users,
        List<OrganizationRecord> organizations,
        List<MembershipRecord> memberships,
        List<SessionRecord> sessions,
        Map<Kind, List<ObjectRecord>> objects) {

    public TruthSnapshot {
        users = List.copyOf(users);
        organizations = List.copyOf(organizations);
        memberships = List.copyOf(memberships);
        sessions = List.copyOf(sessions);
        Map<Kind, List<ObjectRecord>> copies = new EnumMap<>(Kind.class);
        objects.forEach((kind, records) -> copies.put(kind, List.copyOf(records)));
        objects = Map.copyOf(copies);
    }

    /** The objects of one kind, oldest first. */
    public List<ObjectRecord> of(Kind kind) {
        return objects.getOrDefault(kind, List.of());
    }

    /** The same as one JSON object with snake_case names and millisecond instants; the kinds are in plural. */
    public String toJson() {
        ObjectNode root = Json.object();
        put(root, "users", users);
        put(root, "organizations", organizations);
        put(root, "memberships", memberships);
        put(root, "sessions", sessions);
        for (Kind kind : Kind.values()) {
            ArrayNode array = root.putArray(kind.objectName() + "s");
            of(kind).forEach(object -> array.add(Json.objectOf(object.json())));
        }
        return Json.write(root);
    }

    private static void put(ObjectNode root, String name, List<?> records) {
        ArrayNode array = root.putArray(name);
        records.forEach(each -> array.add(Json.tree(each)));
    }
}
