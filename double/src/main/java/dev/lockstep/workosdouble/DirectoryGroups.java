package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The groups of a directory and who is in them. Deleting a group says nothing about its members, as in production. */
final class DirectoryGroups {
    private final World world;

    DirectoryGroups(World world) {
        this.world = world;
    }

    ObjectRecord add(DoubleId.Directory directory, String name, @Nullable String idpId) {
        return world.change(change -> {
            ObjectRecord owner = change.tables().objects.get(Kind.DIRECTORY, directory.value());
            String id = change.freshId(Kind.DIRECTORY_GROUP.idPrefix());
            ObjectNode fields = Json.object()
                    .put("idp_id", idpId == null ? "idp-" + id : idpId)
                    .put("directory_id", owner.id())
                    .put("organization_id", Directories.organization(owner))
                    .put("name", name);
            fields.putObject("raw_attributes").put("displayName", name);
            ObjectRecord group = change.keep(
                    Kind.DIRECTORY_GROUP,
                    id,
                    null,
                    List.of(owner.id()),
                    change.document("directory_group", id, fields));
            change.emit("dsync.group.created", Json.objectOf(group.json()), organization(change, group));
            return group;
        });
    }

    ObjectRecord rename(DoubleId.DirectoryGroup id, String name) {
        return world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.DIRECTORY_GROUP, id.value());
            ObjectNode before = Json.objectOf(old.json());
            ObjectNode after = before.deepCopy().put("name", name);
            after.putObject("raw_attributes").put("displayName", name);
            if (after.equals(before)) {
                return old;
            }
            ObjectRecord group = change.rewrite(old, after);
            ObjectNode data = Json.objectOf(group.json());
            data.set("previous_attributes", DirectoryUsers.previous(before, after));
            change.emit("dsync.group.updated", data, organization(change, group));
            return group;
        });
    }

    void delete(DoubleId.DirectoryGroup id) {
        world.change(change -> {
            ObjectShelves objects = change.tables().objects;
            ObjectRecord group = objects.get(Kind.DIRECTORY_GROUP, id.value());
            objects.ownedRecords(Kind.DIRECTORY_GROUP_MEMBER, group.id()).forEach(change::discard);
            change.discard(group);
            change.emit("dsync.group.deleted", Json.objectOf(group.json()), organization(change, group));
            return group;
        });
    }

    /** Being in a group twice changes nothing. Neither the user's nor the group's {@code updated_at} moves. */
    void join(DoubleId.DirectoryUser user, DoubleId.DirectoryGroup group) {
        world.change(change -> {
            ObjectRecord person = change.tables().objects.get(Kind.DIRECTORY_USER, user.value());
            ObjectRecord into = change.tables().objects.get(Kind.DIRECTORY_GROUP, group.value());
            if (!person.owners().getFirst().equals(into.owners().getFirst())) {
                throw ApiRefusal.badRequest("wrong_directory", "The user and the group are in different directories.");
            }
            String pair = pair(group.value(), user.value());
            if (change.tables().objects.find(Kind.DIRECTORY_GROUP_MEMBER, pair) != null) {
                return false;
            }
            ObjectNode document = Json.object()
                    .put("directory_id", into.owners().getFirst())
                    .put("directory_group_id", group.value())
                    .put("directory_user_id", user.value());
            change.keep(Kind.DIRECTORY_GROUP_MEMBER, pair, null, List.of(group.value(), user.value()), document);
            change.emit("dsync.group.user_added", both(person, into), organization(change, into));
            return true;
        });
    }

    /** Leaving a group one is not in changes nothing. */
    void leave(DoubleId.DirectoryUser user, DoubleId.DirectoryGroup group) {
        world.change(change -> {
            ObjectRecord person = change.tables().objects.get(Kind.DIRECTORY_USER, user.value());
            ObjectRecord from = change.tables().objects.get(Kind.DIRECTORY_GROUP, group.value());
            ObjectRecord pair =
                    change.tables().objects.find(Kind.DIRECTORY_GROUP_MEMBER, pair(group.value(), user.value()));
            if (pair == null) {
                return false;
            }
            change.discard(pair);
            change.emit("dsync.group.user_removed", both(person, from), organization(change, from));
            return true;
        });
    }

    static String pair(String group, String user) {
        return group + "/" + user;
    }

    private static ObjectNode both(ObjectRecord user, ObjectRecord group) {
        ObjectNode data = Json.object().put("directory_id", group.owners().getFirst());
        data.set("user", Json.objectOf(user.json()));
        data.set("group", Json.objectOf(group.json()));
        return data;
    }

    private static @Nullable OrganizationId organization(Change change, ObjectRecord group) {
        return Directories.organizationOf(change.tables(), group.owners().getFirst());
    }
}
