package dev.lockstep.sync;

import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.WorkOsEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes objects and events the way WorkOS does. */
public final class Wire {
    public static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

    private Wire() {}

    /** A moment of the tests' history, in milliseconds after its beginning. */
    public static Instant at(long millis) {
        return T0.plusMillis(millis);
    }

    public static ObjectNode user(String id, String firstName, long updatedAt) {
        return object("user", id, updatedAt)
                .put("email", id + "@acme.test")
                .put("email_verified", true)
                .put("first_name", firstName)
                .put("last_name", "Osei");
    }

    public static ObjectNode organization(String id, String name, long updatedAt) {
        ObjectNode organization = object("organization", id, updatedAt).put("name", name);
        organization.putArray("domains");
        return organization;
    }

    public static ObjectNode membership(
            String id, String user, String organization, String role, String status, long updatedAt) {
        ObjectNode membership = object("organization_membership", id, updatedAt)
                .put("user_id", user)
                .put("organization_id", organization)
                .put("status", status);
        membership.putObject("role").put("slug", role);
        return membership;
    }

    public static ObjectNode session(String id, String user, String status, long updatedAt) {
        return object("session", id, updatedAt)
                .put("user_id", user)
                .put("auth_method", "password")
                .put("status", status);
    }

    /** As in an event: without id and name. */
    public static ObjectNode role(String slug, long updatedAt) {
        ObjectNode role = object("role", "", updatedAt).put("slug", slug).put("resource_type_slug", "organization");
        role.remove("id");
        role.putArray("permissions").add(slug + ":read");
        return role;
    }

    public static ObjectNode organizationRole(String organization, String slug, long updatedAt) {
        ObjectNode role = role(slug, updatedAt).put("organization_id", organization);
        return role.put("object", "organization_role").put("name", slug + "!");
    }

    public static ObjectNode permission(String slug, String name, long updatedAt) {
        return object("permission", "perm_" + slug, updatedAt)
                .put("slug", slug)
                .put("name", name)
                .put("system", false);
    }

    public static ObjectNode directory(String id, String organization, String name, long updatedAt) {
        return object("directory", id, updatedAt)
                .put("organization_id", organization)
                .put("type", "okta scim v2.0")
                .put("state", "linked")
                .put("name", name);
    }

    public static ObjectNode directoryUser(String id, String directory, String firstName, long updatedAt) {
        return object("directory_user", id, updatedAt)
                .put("directory_id", directory)
                .put("idp_id", "idp-" + id)
                .put("email", id + "@acme.test")
                .put("state", "active")
                .put("first_name", firstName);
    }

    public static ObjectNode directoryGroup(String id, String directory, String name, long updatedAt) {
        return object("directory_group", id, updatedAt)
                .put("directory_id", directory)
                .put("idp_id", "idp-" + id)
                .put("name", name);
    }

    /** The payload of a pair: no time of its own. */
    public static ObjectNode directoryPair(String directory, String user, String group) {
        ObjectNode pair = JsonNodeFactory.instance.objectNode().put("directory_id", directory);
        pair.set("user", directoryUser(user, directory, "Ada", 0));
        pair.set("group", directoryGroup(group, directory, "Staff", 0));
        return pair;
    }

    public static ObjectNode group(String id, String organization, String name, long updatedAt) {
        return object("group", id, updatedAt)
                .put("organization_id", organization)
                .put("name", name);
    }

    public static ObjectNode groupMember(String group, String membership) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group_id", group)
                .put("organization_membership_id", membership);
    }

    /** An object with an id and a name that belongs to an organization: a domain, an invitation, a connection. */
    public static ObjectNode named(String kind, String id, String organization, String name, long updatedAt) {
        return object(kind, id, updatedAt).put("organization_id", organization).put("name", name);
    }

    public static ObjectNode apiKey(String id, String organization, String name, long updatedAt) {
        ObjectNode key = object("api_key", id, updatedAt).put("name", name);
        key.putObject("owner").put("type", "organization").put("id", organization);
        return key;
    }

    private static ObjectNode object(String kind, String id, long updatedAt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("object", kind)
                .put("id", id)
                .put("created_at", T0.toString())
                .put("updated_at", at(updatedAt).toString());
    }

    /** The bytes of an event; the id sorts like its time. */
    public static byte[] event(String id, String type, ObjectNode data, long createdAt) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("id", id).put("event", type).put("created_at", at(createdAt).toString());
        event.set("data", data);
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static WorkOsEvent decoded(byte[] event) {
        return (WorkOsEvent) new EventDecoder().decode(event);
    }
}
