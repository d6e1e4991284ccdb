package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Roles of the environment and of single organizations. A slug never changes, and may come back after a deletion.
 * Thread-safe; a verb that names something unknown throws {@link IllegalArgumentException}.
 */
public final class Roles {
    static final RoleSlug DEFAULT = new RoleSlug("member");
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9:._-]*");

    private final World world;

    Roles(World world) {
        this.world = world;
    }

    /** The roles that an environment has from its first day; nobody is told of them by events. */
    void plant(Map<RoleSlug, List<Permission>> permissions) {
        world.change(change -> {
            for (RoleSlug slug : new TreeSet<>(
                            permissions.keySet().stream().map(RoleSlug::value).toList())
                    .stream().map(RoleSlug::new).toList()) {
                if (change.tables().objects.byAlias(Kind.ROLE, slug.value()).isEmpty()) {
                    put(
                            change,
                            null,
                            slug.value(),
                            titled(slug.value()),
                            null,
                            permissions.getOrDefault(slug, List.of()).stream()
                                    .map(Permission::value)
                                    .toList());
                }
            }
            return true;
        });
    }

    /** Emits {@code role.created}. */
    public void create(RoleSlug slug, String name, List<Permission> permissions) {
        create(
                null,
                slug.value(),
                name,
                null,
                permissions.stream().map(Permission::value).toList());
    }

    /** Emits {@code organization_role.created}; the slug has to begin with {@code org-}. */
    public void create(OrganizationId organization, RoleSlug slug, String name, List<Permission> permissions) {
        create(
                organization,
                slug.value(),
                name,
                null,
                permissions.stream().map(Permission::value).toList());
    }

    public void rename(RoleSlug slug, String name) {
        update(null, slug.value(), Json.object().put("name", name));
    }

    public void rename(OrganizationId organization, RoleSlug slug, String name) {
        update(organization, slug.value(), Json.object().put("name", name));
    }

    public void permit(RoleSlug slug, List<Permission> permissions) {
        setPermissions(
                null, slug.value(), permissions.stream().map(Permission::value).toList());
    }

    public void permit(OrganizationId organization, RoleSlug slug, List<Permission> permissions) {
        setPermissions(
                organization,
                slug.value(),
                permissions.stream().map(Permission::value).toList());
    }

    /** Who had the role gets the default role. */
    public void delete(RoleSlug slug) {
        delete(null, slug.value());
    }

    /** Who had the role gets the default role. */
    public void delete(OrganizationId organization, RoleSlug slug) {
        delete(organization, slug.value());
    }

    ObjectRecord create(
            @Nullable OrganizationId organization,
            String slug,
            String name,
            @Nullable String description,
            List<String> permissions) {
        if (!SLUG.matcher(slug).matches() || (organization != null && !slug.startsWith("org-"))) {
            throw ApiRefusal.invalid("slug", "slug_invalid");
        }
        return world.change(change -> {
            if (organization != null) {
                Registry.organization(change.tables(), organization);
            }
            if (change.tables()
                    .objects
                    .byAlias(kind(organization), alias(organization, slug))
                    .isPresent()) {
                throw ApiRefusal.conflict("role_slug_conflict", "A role with this slug exists.");
            }
            ObjectRecord role = put(change, organization, slug, name, description, permissions);
            emit(change, role, "created");
            return role;
        });
    }

    ObjectRecord update(@Nullable OrganizationId organization, String slug, ObjectNode fields) {
        return world.change(change -> {
            ObjectRecord old = get(change.tables(), organization, slug);
            ObjectNode document = Json.objectOf(old.json());
            document.setAll(fields);
            ObjectRecord role = change.rewrite(old, document);
            emit(change, role, "updated");
            return role;
        });
    }

    ObjectRecord setPermissions(@Nullable OrganizationId organization, String slug, Collection<String> permissions) {
        ObjectNode fields = Json.object();
        ArrayNode array = fields.putArray("permissions");
        new TreeSet<>(permissions).forEach(array::add);
        return update(organization, slug, fields);
    }

    void delete(@Nullable OrganizationId organization, String slug) {
        world.change(change -> {
            ObjectRecord role = get(change.tables(), organization, slug);
            change.discard(role);
            emit(change, role, "deleted");
            Registry.takeRole(change, organization, new RoleSlug(slug), DEFAULT);
            return role;
        });
    }

    static ObjectRecord get(Tables tables, @Nullable OrganizationId organization, String slug) {
        if (organization != null) {
            Registry.organization(tables, organization);
        }
        return tables.objects.getByAlias(kind(organization), alias(organization, slug), slug);
    }

    /** The role as a member of the organization has it: the organization's own first. */
    static boolean exists(Tables tables, OrganizationId organization, RoleSlug slug) {
        return tables.objects
                        .byAlias(Kind.ORGANIZATION_ROLE, alias(organization, slug.value()))
                        .isPresent()
                || tables.objects.byAlias(Kind.ROLE, slug.value()).isPresent();
    }

    /** What the role permits; an unknown role permits nothing. */
    static List<String> permissions(Tables tables, OrganizationId organization, RoleSlug slug) {
        return tables.objects
                .byAlias(Kind.ORGANIZATION_ROLE, alias(organization, slug.value()))
                .or(() -> tables.objects.byAlias(Kind.ROLE, slug.value()))
                .map(Roles::permissionsOf)
                .orElse(List.of());
    }

    static List<String> permissionsOf(ObjectRecord role) {
        return Json.objectOf(role.json())
                .get("permissions")
                .valueStream()
                .map(each -> each.asString())
                .toList();
    }

    private static ObjectRecord put(
            Change change,
            @Nullable OrganizationId organization,
            String slug,
            String name,
            @Nullable String description,
            List<String> permissions) {
        String id = change.freshId(Kind.ROLE.idPrefix());
        ObjectNode fields = Json.object()
                .put("slug", slug)
                .put("name", name)
                .put("description", description)
                .put("type", organization == null ? "EnvironmentRole" : "OrganizationRole")
                .put("resource_type_slug", "organization");
        ArrayNode array = fields.putArray("permissions");
        permissions.forEach(array::add);
        return change.keep(
                kind(organization),
                id,
                alias(organization, slug),
                organization == null ? List.of() : List.of(organization.value()),
                change.document("role", id, fields));
    }

    /** Events of roles carry no id, and those of environment roles no name either, so a mirror has to fetch them. */
    private static void emit(Change change, ObjectRecord role, String verb) {
        ObjectNode data = Json.objectOf(role.json());
        if (role.kind() == Kind.ROLE) {
            data.remove(List.of("id", "name", "description", "type"));
            change.emit("role." + verb, data, null);
            return;
        }
        data.remove(List.of("id", "type"));
        data.put("object", "organization_role")
                .put("organization_id", role.owners().getFirst());
        change.emit(
                "organization_role." + verb,
                data,
                new OrganizationId(role.owners().getFirst()));
    }

    private static Kind kind(@Nullable OrganizationId organization) {
        return organization == null ? Kind.ROLE : Kind.ORGANIZATION_ROLE;
    }

    private static String alias(@Nullable OrganizationId organization, String slug) {
        return organization == null ? slug : organization.value() + "/" + slug;
    }

    private static String titled(String slug) {
        return Character.toUpperCase(slug.charAt(0)) + slug.substring(1);
    }
}
