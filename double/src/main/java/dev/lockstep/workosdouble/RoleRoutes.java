package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Roles below {@code /authorization}; their lists have no pages, as in production. */
final class RoleRoutes {
    private static final String ENVIRONMENT = "/authorization/roles";
    private static final String ORGANIZATION = "/authorization/organizations/{organization}/roles";

    private final World world;
    private final Roles roles;
    private final Listing listing;

    RoleRoutes(World world, Roles roles) {
        this.world = world;
        this.roles = roles;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        for (String base : List.of(ENVIRONMENT, ORGANIZATION)) {
            routes.key("GET", base, this::list)
                    .key("POST", base, this::create)
                    .key("GET", base + "/{slug}", this::show)
                    .key("PATCH", base + "/{slug}", this::update)
                    .key("DELETE", base + "/{slug}", this::delete)
                    .key("PUT", base + "/{slug}/permissions", this::setPermissions)
                    .key("POST", base + "/{slug}/permissions", this::addPermission)
                    .key("DELETE", base + "/{slug}/permissions/{permission}", this::removePermission);
        }
        routes.key("GET", "/organizations/{organization}/roles", this::list);
    }

    /** That of an organization shows the environment's roles too. */
    private Response list(Request request) {
        OrganizationId organization = organization(request);
        return listing.whole(tables -> {
            List<ObjectNode> found = new ArrayList<>();
            tables.objects.all(Kind.ROLE).forEach(role -> found.add(Json.objectOf(role.json())));
            if (organization != null) {
                Registry.organization(tables, organization);
                tables.objects
                        .ownedRecords(Kind.ORGANIZATION_ROLE, organization.value())
                        .forEach(role -> found.add(Json.objectOf(role.json())));
            }
            return found;
        });
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        OrganizationId organization = organization(request);
        String name = body.required("name");
        String slug = body.text("slug");
        if (slug == null) {
            slug = (organization == null ? "" : "org-")
                    + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        }
        return Response.json(
                201,
                roles.create(organization, slug, name, body.text("description"), List.of())
                        .json());
    }

    private Response show(Request request) {
        OrganizationId organization = organization(request);
        String slug = request.variable("slug");
        return Response.ok(
                world.read(tables -> visible(tables, organization, slug).json()));
    }

    /** An organization sees the environment's roles as its own. */
    private static ObjectRecord visible(Tables tables, @Nullable OrganizationId organization, String slug) {
        if (organization == null) {
            return Roles.get(tables, null, slug);
        }
        Registry.organization(tables, organization);
        return tables.objects.byAlias(Kind.ROLE, slug).orElseGet(() -> Roles.get(tables, organization, slug));
    }

    private Response update(Request request) {
        Body body = Body.of(request);
        ObjectNode fields = Json.object();
        if (body.text("name") != null) {
            fields.put("name", body.text("name"));
        }
        if (body.json().has("description")) {
            fields.put("description", body.text("description"));
        }
        return Response.ok(roles.update(organization(request), request.variable("slug"), fields)
                .json());
    }

    private Response delete(Request request) {
        roles.delete(organization(request), request.variable("slug"));
        return Response.nothing(204);
    }

    private Response setPermissions(Request request) {
        return permitted(request, Body.of(request).texts("permissions"));
    }

    private Response addPermission(Request request) {
        List<String> permissions = new ArrayList<>(current(request));
        permissions.add(Body.of(request).required("slug"));
        return permitted(request, permissions);
    }

    private Response removePermission(Request request) {
        List<String> permissions = new ArrayList<>(current(request));
        permissions.remove(request.variable("permission"));
        return permitted(request, permissions);
    }

    private List<String> current(Request request) {
        OrganizationId organization = organization(request);
        String slug = request.variable("slug");
        return world.read(tables -> Roles.permissionsOf(Roles.get(tables, organization, slug)));
    }

    private Response permitted(Request request, List<String> permissions) {
        world.read(tables -> {
            permissions.forEach(slug -> tables.objects.getByAlias(Kind.PERMISSION, slug, slug));
            return true;
        });
        return Response.ok(roles.setPermissions(organization(request), request.variable("slug"), permissions)
                .json());
    }

    private static @Nullable OrganizationId organization(Request request) {
        String id = request.findVariable("organization");
        return id == null ? null : new OrganizationId(id);
    }
}
