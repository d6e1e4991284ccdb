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
