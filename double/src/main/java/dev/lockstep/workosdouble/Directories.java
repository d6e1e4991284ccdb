package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Directories as a whole: connected, shown, deleted. Deleting one is a single event; its users and groups go without a word. */
final class Directories {
    static final String DEFAULT_TYPE = "okta scim v2.0";

    private final World world;

    Directories(World world) {
        this.world = world;
    }

    ObjectRecord connect(OrganizationId organization, String name, String type) {
        return world.change(change -> {
            Registry.organization(change.tables(), organization);
            String id = change.freshId(Kind.DIRECTORY.idPrefix());
            ObjectNode fields = Json.object()
                    .put("organization_id", organization.value())
                    .put("external_key", "external-" + id.substring(id.length() - 12))
                    .put("type", type)
                    .put("state", "linked")
                    .put("name", name)
                    .putNull("domain");
            ObjectRecord directory = change.keep(
                    Kind.DIRECTORY, id, null, List.of(organization.value()), change.document("directory", id, fields));
            change.emit("dsync.activated", activated(change.tables(), directory), organization);
            return directory;
        });
    }

    /** What the API shows, with the counts that only it has. */
    static ObjectNode shown(Tables tables, ObjectRecord directory) {
        ObjectNode node = Json.objectOf(directory.json());
        ObjectNode metadata = node.putObject("metadata");
        int everybody =
                tables.objects.owned(Kind.DIRECTORY_USER, directory.id()).size();
        int inactive = tables.objects
                .owned(Kind.DIRECTORY_USER, DirectoryUsers.inactiveOf(directory.id()))
                .size();
        metadata.putObject("users").put("active", everybody - inactive).put("inactive", inactive);
        metadata.put(
                "groups",
                tables.objects.owned(Kind.DIRECTORY_GROUP, directory.id()).size());
        return node;
    }

    /** Events call a linked directory active, and carry the domains of the organization. */
    private static ObjectNode activated(Tables tables, ObjectRecord directory) {
        ObjectNode data = deleted(directory);
        ObjectNode document = Json.objectOf(directory.json());
        data.put("external_key", document.get("external_key").asString());
        var domains = data.putArray("domains");
        for (ObjectRecord domain : tables.objects.ownedRecords(Kind.DOMAIN, organization(directory))) {
            ObjectNode full = Json.objectOf(domain.json());
            domains.addObject()
                    .put("object", "organization_domain")
                    .put("id", domain.id())
                    .put("domain", full.get("domain").asString());
        }
        return data;
    }

    private static ObjectNode deleted(ObjectRecord directory) {
        ObjectNode document = Json.objectOf(directory.json());
        document.remove(List.of("external_key", "domain"));
        return document.put("state", "linked".equals(document.get("state").asString()) ? "active" : "inactive");
    }

    void delete(DoubleId.Directory id) {
        world.change(change -> {
            ObjectRecord directory = change.tables().objects.get(Kind.DIRECTORY, id.value());
            drop(change, directory, true);
            return directory;
        });
    }

    /** The one event, and the state in it is the one before the deletion. */
    static void drop(Change change, ObjectRecord directory, boolean told) {
        ObjectShelves objects = change.tables().objects;
        for (ObjectRecord group : objects.ownedRecords(Kind.DIRECTORY_GROUP, directory.id())) {
            objects.ownedRecords(Kind.DIRECTORY_GROUP_MEMBER, group.id()).forEach(change::discard);
            change.discard(group);
        }
        objects.ownedRecords(Kind.DIRECTORY_USER, directory.id()).forEach(change::discard);
        change.discard(directory);
        if (told) {
            change.emit("dsync.deleted", deleted(directory), new OrganizationId(organization(directory)));
        }
    }

    static String organization(ObjectRecord directory) {
        return directory.owners().getFirst();
    }

    static @Nullable OrganizationId organizationOf(Tables tables, String directory) {
        ObjectRecord found = tables.objects.find(Kind.DIRECTORY, directory);
        return found == null ? null : new OrganizationId(organization(found));
    }
}
