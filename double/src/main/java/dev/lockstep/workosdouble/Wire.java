package dev.lockstep.workosdouble;

import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The shapes of objects on the wire, where the API and the events differ. */
final class Wire {
    private Wire() {}

    static ObjectNode user(UserRecord user) {
        String name = user.fullName();
        return object("user", Json.tree(user))
                .put("name", name.isEmpty() ? null : name)
                .putNull("locale");
    }

    /** Events leave out {@code allow_profiles_outside_organization}, so a mirror has to fetch it. */
    static ObjectNode organizationEvent(OrganizationRecord organization, Tables tables) {
        ObjectNode node = object("organization", Json.tree(organization)).putNull("stripe_customer_id");
        ArrayNode domains = node.putArray("domains");
        tables.objects
                .ownedRecords(Kind.DOMAIN, organization.id().value())
                .forEach(domain -> domains.add(Json.objectOf(domain.json())));
        return node;
    }

    static ObjectNode organization(OrganizationRecord organization, Tables tables) {
        return organizationEvent(organization, tables).put("allow_profiles_outside_organization", false);
    }

    static ObjectNode membershipEvent(MembershipRecord membership) {
        ObjectNode node = object("organization_membership", Json.tree(membership));
        ObjectNode role = Json.object().put("slug", membership.role().value());
        node.set("role", role);
        node.putArray("roles").add(role.deepCopy());
        node.putObject("custom_attributes");
        return node;
    }

    /** The API adds the organization's name and the user, which events leave out. */
    static ObjectNode membership(MembershipRecord membership, Tables tables) {
        ObjectNode node = membershipEvent(membership);
        OrganizationRecord organization = tables.organizations.find(membership.organizationId());
        UserRecord user = tables.users.find(membership.userId());
        node.put("organization_name", organization == null ? null : organization.name());
        if (user != null) {
            node.set("user", user(user));
        }
        return node;
    }

    static ObjectNode session(SessionRecord session) {
        ObjectNode node = object("session", Json.tree(session));
        node.putNull("impersonator");
        return node;
    }

    /** Says only that somebody proved who they are; it has neither id nor time of its own. */
    static ObjectNode passwordSucceeded(SessionRecord session, Tables tables) {
        return Json.object()
                .put("type", "password")
                .put("status", "succeeded")
                .put("user_id", session.userId().value())
                .put("email", Registry.user(tables, session.userId()).email())
                .put("ip_address", session.ipAddress())
                .put("user_agent", session.userAgent());
    }

    /** The body of a webhook; the Events API puts {@code object} in front. */
    static ObjectNode webhook(EventRecord event) {
        ObjectNode node = Json.object();
        return fillEvent(node, event);
    }

    static ObjectNode event(EventRecord event) {
        ObjectNode node = Json.object().put("object", "event");
        return fillEvent(node, event);
    }

    /** A list answer: the page's ids, shown one by one, and the cursors of the neighbours. */
    static <I> ObjectNode list(Paging.Page<I> page, Function<I, ObjectNode> shown) {
        ObjectNode node = Json.object().put("object", "list");
        ArrayNode data = node.putArray("data");
        page.ids().forEach(id -> data.add(shown.apply(id)));
        node.putObject("list_metadata").put("before", page.before()).put("after", page.after());
        return node;
    }

    private static ObjectNode fillEvent(ObjectNode node, EventRecord event) {
        node.put("id", event.id().value()).put("event", event.event());
        node.set("data", Json.parse(event.dataJson()));
        node.put("created_at", Json.instant(event.createdAt()));
        if (event.envelopeJson() != null) {
            node.setAll(Json.objectOf(event.envelopeJson()));
        }
        return node;
    }

    private static ObjectNode object(String kind, ObjectNode fields) {
        ObjectNode node = Json.object().put("object", kind);
        node.setAll(fields);
        return node;
    }
}
