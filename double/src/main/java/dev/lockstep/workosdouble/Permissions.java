package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The permissions that roles are made of. Thread-safe; a verb that names something unknown throws
 * {@link IllegalArgumentException}.
 */
public final class Permissions {
    private final World world;
    private final Roles roles;

    Permissions(World world, Roles roles) {
        this.world = world;
        this.roles = roles;
    }

    /** Those that an environment has from its first day; nobody is told of them by events. */
    void plant(Collection<String> slugs) {
        world.change(change -> {
            for (String slug : slugs) {
                if (change.tables().objects.byAlias(Kind.PERMISSION, slug).isEmpty()) {
                    put(change, slug, slug.replace(':', ' '), null);
                }
            }
            return true;
        });
    }

    /** Emits {@code permission.created}. */
    public void create(Permission slug, String name) {
        create(slug.value(), name, null);
    }

    /** Emits {@code permission.updated}. */
    public void rename(Permission slug, String name) {
        update(slug.value(), Json.object().put("name", name));
    }

    /** Roles that had it lose it, with their own events. */
    public void delete(Permission slug) {
        delete(slug.value());
    }

    ObjectRecord create(String slug, String name, @Nullable String description) {
        return world.change(change -> {
            if (change.tables().objects.byAlias(Kind.PERMISSION, slug).isPresent()) {
                throw ApiRefusal.conflict("permission_slug_conflict", "A permission with this slug exists.");
            }
            ObjectRecord permission = put(change, slug, name, description);
            change.emit("permission.created", Json.objectOf(permission.json()), null);
            return permission;
        });
    }

    ObjectRecord update(String slug, ObjectNode fields) {
        return world.change(change -> {
            ObjectRecord old = change.tables().objects.getByAlias(Kind.PERMISSION, slug, slug);
            ObjectNode document = Json.objectOf(old.json());
            document.setAll(fields);
            ObjectRecord permission = change.rewrite(old, document);
            change.emit("permission.updated", Json.objectOf(permission.json()), null);
            return permission;
        });
    }

    void delete(String slug) {
        List<ObjectRecord> holders = world.change(change -> {
            ObjectShelves objects = change.tables().objects;
            ObjectRecord permission = objects.getByAlias(Kind.PERMISSION, slug, slug);
            change.discard(permission);
            change.emit("permission.deleted", Json.objectOf(permission.json()), null);
            List<ObjectRecord> found = new ArrayList<>(objects.all(Kind.ROLE));
            found.addAll(objects.all(Kind.ORGANIZATION_ROLE));
            found.removeIf(role -> !Roles.permissionsOf(role).contains(slug));
            return found;
        });
        for (ObjectRecord role : holders) {
            List<String> left = new ArrayList<>(Roles.permissionsOf(role));
            left.remove(slug);
            roles.setPermissions(
                    role.kind() == Kind.ROLE
                            ? null
                            : new OrganizationId(role.owners().getFirst()),
                    Json.objectOf(role.json()).get("slug").asString(),
                    left);
        }
    }

    private static ObjectRecord put(Change change, String slug, String name, @Nullable String description) {
        String id = change.freshId(Kind.PERMISSION.idPrefix());
        ObjectNode fields = Json.object()
                .put("slug", slug)
                .put("name", name)
                .put("description", description)
                .put("system", false)
                .put("resource_type_slug", "organization");
        return change.keep(Kind.PERMISSION, id, slug, List.of(), change.document("permission", id, fields));
    }
}
