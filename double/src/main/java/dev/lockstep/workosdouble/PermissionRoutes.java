package dev.lockstep.workosdouble;

import tools.jackson.databind.node.ObjectNode;

/** {@code /authorization/permissions}. */
final class PermissionRoutes {
    private static final String BASE = "/authorization/permissions";

    private final World world;
    private final Permissions permissions;
    private final Listing listing;

    PermissionRoutes(World world, Permissions permissions) {
        this.world = world;
        this.permissions = permissions;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", BASE, this::list)
                .key("POST", BASE, this::create)
                .key("GET", BASE + "/{slug}", this::show)
                .key("PATCH", BASE + "/{slug}", this::update)
                .key("DELETE", BASE + "/{slug}", this::delete);
    }

    private Response list(Request request) {
        return listing.page(request, Kind.PERMISSION, tables -> tables.objects.ids(Kind.PERMISSION), Listing::document);
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        return Response.json(
                201,
                permissions
                        .create(body.required("slug"), body.required("name"), body.text("description"))
                        .json());
    }

    private Response show(Request request) {
        String slug = request.variable("slug");
        return Response.ok(world.read(
                tables -> tables.objects.getByAlias(Kind.PERMISSION, slug, slug).json()));
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
        return Response.ok(permissions.update(request.variable("slug"), fields).json());
    }

    private Response delete(Request request) {
        permissions.delete(request.variable("slug"));
        return Response.nothing(204);
    }
}
