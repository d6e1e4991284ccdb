package dev.lockstep.workosdouble;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * AuthKit groups: sets of memberships of one organization. Thread-safe; a verb that names something unknown throws
 * {@link IllegalArgumentException}.
 */
public final class Groups {
    private final World world;

    Groups(World world) {
        this.world = world;
    }

    public DoubleId.Group create(OrganizationId organization, String name) {
        return new DoubleId.Group(create(organization, name, null).id());
    }

    public void rename(DoubleId.Group id, String name) {
        update(id.value(), Json.object().put("name", name));
    }

    /** Emits {@code group.deleted} and nothing for its members. */
    public void delete(DoubleId.Group id) {
        world.change(change -> {
            ObjectRecord group = change.tables().objects.get(Kind.GROUP, id.value());
            drop(change, group, true);
            return group;
        });
    }

    /** The member has to be of the group's organization; adding one twice changes nothing. */
    public void add(DoubleId.Group id, MembershipId member) {
        world.change(change -> {
            ObjectRecord group = change.tables().objects.get(Kind.GROUP, id.value());
            OrganizationId organization = organization(group);
            if (!Registry.membership(change.tables(), member).organizationId().equals(organization)) {
                throw ApiRefusal.badRequest("wrong_organization", "The member is of another organization.");
            }
            String pair = id.value() + "/" + member.value();
            if (change.tables().objects.find(Kind.GROUP_MEMBER, pair) != null) {
                return false;
            }
            ObjectNode data = pair(id.value(), member.value());
            change.keep(Kind.GROUP_MEMBER, pair, null, List.of(id.value(), member.value()), data);
            change.emit("group.member_added", data, organization);
            return true;
        });
    }

    /** Taking out one who is not in changes nothing. */
    public void remove(DoubleId.Group id, MembershipId member) {
        world.change(change -> {
            ObjectRecord group = change.tables().objects.get(Kind.GROUP, id.value());
            ObjectRecord pair = change.tables().objects.find(Kind.GROUP_MEMBER, id.value() + "/" + member.value());
            if (pair == null) {
                return false;
            }
            change.discard(pair);
            change.emit("group.member_removed", pair(id.value(), member.value()), organization(group));
            return true;
        });
    }

    ObjectRecord create(OrganizationId organization, String name, @Nullable String description) {
        return world.change(change -> {
            Registry.organization(change.tables(), organization);
            String id = change.freshId(Kind.GROUP.idPrefix());
            ObjectNode fields = Json.object()
                    .put("organization_id", organization.value())
                    .put("name", name)
                    .put("description", description);
            ObjectRecord group = change.keep(
                    Kind.GROUP, id, null, List.of(organization.value()), change.document("group", id, fields));
            change.emit("group.created", Json.objectOf(group.json()), organization);
            return group;
        });
    }

    ObjectRecord update(String id, ObjectNode fields) {
        return world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.GROUP, id);
            ObjectNode document = Json.objectOf(old.json());
            document.setAll(fields);
            ObjectRecord group = change.rewrite(old, document);
            change.emit("group.updated", Json.objectOf(group.json()), organization(group));
            return group;
        });
    }

    static void drop(Change change, ObjectRecord group, boolean told) {
        change.tables().objects.ownedRecords(Kind.GROUP_MEMBER, group.id()).forEach(change::discard);
        change.discard(group);
        if (told) {
            change.emit("group.deleted", Json.objectOf(group.json()), organization(group));
        }
    }

    /** Takes a membership that ends out of its groups. */
    static void forget(Change change, MembershipRecord membership, boolean told) {
        String member = membership.id().value();
        for (ObjectRecord pair : change.tables().objects.ownedRecords(Kind.GROUP_MEMBER, member)) {
            change.discard(pair);
            if (told) {
                change.emit(
                        "group.member_removed", pair(pair.owners().getFirst(), member), membership.organizationId());
            }
        }
    }

    private static ObjectNode pair(String group, String member) {
        return Json.object().put("group_id", group).put("organization_membership_id", member);
    }

    private static OrganizationId organization(ObjectRecord group) {
        return new OrganizationId(group.owners().getFirst());
    }
}
