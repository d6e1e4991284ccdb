package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workosdouble.DoubleSettings.InactiveUsers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The people of a directory, as the identity provider adds, changes and takes them away. Events never carry their groups. */
final class DirectoryUsers {
    private static final List<String> CHANGEABLE =
            List.of("email", "first_name", "last_name", "job_title", "username", "state", "role", "custom_attributes");

    private final World world;
    private final InactiveUsers inactiveUsers;
    private final Provisioning provisioning;

    DirectoryUsers(World world, InactiveUsers inactiveUsers, Provisioning provisioning) {
        this.world = world;
        this.inactiveUsers = inactiveUsers;
        this.provisioning = provisioning;
    }

    ObjectRecord add(DoubleId.Directory directory, NewDirectoryUser wanted) {
        return world.change(change -> {
            ObjectRecord owner = change.tables().objects.get(Kind.DIRECTORY, directory.value());
            String id = change.freshId(Kind.DIRECTORY_USER.idPrefix());
            ObjectNode fields = Json.object()
                    .put("directory_id", owner.id())
                    .put("organization_id", Directories.organization(owner))
                    .put("idp_id", wanted.idpId())
                    .put("email", wanted.email())
                    .put("first_name", wanted.firstName())
                    .put("last_name", wanted.lastName())
                    .put("username", wanted.email())
                    .put("job_title", wanted.jobTitle())
                    .put("state", "active");
            fields.set("custom_attributes", Json.tree(wanted.customAttributes()));
            if (wanted.role() != null) {
                fields.putObject("role").put("slug", wanted.role().value());
            }
            derive(fields);
            ObjectRecord user = change.keep(
                    Kind.DIRECTORY_USER, id, null, List.of(owner.id()), change.document("directory_user", id, fields));
            change.emit("dsync.user.created", Json.objectOf(user.json()), organization(change, user));
            provisioning.arrived(change, user);
            return user;
        });
    }

    /** Replaces the given fields; unknown ones are refused. Nothing changed is no event. */
    ObjectRecord update(DoubleId.DirectoryUser id, ObjectNode wanted) {
        return world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.DIRECTORY_USER, id.value());
            ObjectNode before = Json.objectOf(old.json());
            ObjectNode after = before.deepCopy();
            for (String field : wanted.propertyNames()) {
                if (!CHANGEABLE.contains(field)) {
                    throw ApiRefusal.invalid(field, field + "_cannot_be_changed");
                }
                after.set(field, wanted.get(field));
            }
            String state = after.get("state").asString().toLowerCase(Locale.ROOT);
            if (!state.equals("active") && inactiveUsers == InactiveUsers.DELETED) {
                drop(change, old);
                return old;
            }
            derive(after);
            if (after.equals(before)) {
                return old;
            }
            after.put("updated_at", Json.instant(change.at()));
            ObjectRecord user = change.keep(Kind.DIRECTORY_USER, old.id(), null, owners(old, after), after);
            ObjectNode data = Json.objectOf(user.json());
            data.set("previous_attributes", previous(before, after));
            change.emit("dsync.user.updated", data, organization(change, user));
            if (state.equals("active")) {
                provisioning.arrived(change, user);
            } else {
                provisioning.left(change, user);
            }
            return user;
        });
    }

    void delete(DoubleId.DirectoryUser id) {
        world.change(change -> {
            ObjectRecord user = change.tables().objects.get(Kind.DIRECTORY_USER, id.value());
            drop(change, user);
            return user;
        });
    }

    private void drop(Change change, ObjectRecord user) {
        change.tables()
                .objects
                .ownedRecords(Kind.DIRECTORY_GROUP_MEMBER, user.id())
                .forEach(change::discard);
        change.discard(user);
        change.emit("dsync.user.deleted", Json.objectOf(user.json()), organization(change, user));
        provisioning.left(change, user);
    }

    /** The API's list and show carry the groups. */
    static ObjectNode shown(Tables tables, ObjectRecord user) {
        ObjectNode node = Json.objectOf(user.json());
        var groups = node.putArray("groups");
        for (ObjectRecord pair : tables.objects.ownedRecords(Kind.DIRECTORY_GROUP_MEMBER, user.id())) {
            groups.add(
                    tables.objects.document(Kind.DIRECTORY_GROUP, pair.owners().getFirst()));
        }
        return node;
    }

    /** Those that are not active are counted under a name of their own. */
    private static List<String> owners(ObjectRecord old, ObjectNode user) {
        String inactive = inactiveOf(old.owners().getFirst());
        List<String> owners = new ArrayList<>(old.owners());
        owners.remove(inactive);
        if (!"active".equals(text(user, "state"))) {
            owners.add(inactive);
        }
        return owners;
    }

    static String inactiveOf(String directory) {
        return directory + "#inactive";
    }

    private static @Nullable OrganizationId organization(Change change, ObjectRecord user) {
        return Directories.organizationOf(change.tables(), user.owners().getFirst());
    }

    /** The fields that follow from others. */
    private static void derive(ObjectNode user) {
        String first = text(user, "first_name");
        String last = text(user, "last_name");
        String name = (first + " " + last).strip();
        user.put("name", name.isEmpty() ? null : name);
        var emails = user.putArray("emails");
        String email = text(user, "email");
        if (!email.isEmpty()) {
            emails.addObject().put("primary", true).put("type", "work").put("value", email);
        }
        JsonNode role = user.get("role");
        if (role != null && role.isObject()) {
            user.putArray("roles").add(role.deepCopy());
        }
        ObjectNode raw = user.putObject("raw_attributes");
        raw.put("externalId", text(user, "idp_id")).put("userName", text(user, "username"));
        raw.putObject("name").put("givenName", first).put("familyName", last);
    }

    private static String text(ObjectNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? "" : value.asString();
    }

    /** What the changed fields were; a field that was not there before is null. */
    static ObjectNode previous(ObjectNode before, ObjectNode after) {
        ObjectNode previous = Json.object();
        for (String field : after.propertyNames()) {
            JsonNode old = before.get(field);
            if (!field.equals("updated_at") && !after.get(field).equals(old)) {
                previous.set(field, old);
            }
        }
        return previous;
    }
}
