package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.util.function.Consumer;

/** {@code /feature-flags} and the flags of one organization or user. Creating them is the dashboard's, so not here. */
final class FlagRoutes {
    private final World world;
    private final Flags flags;
    private final Listing listing;

    FlagRoutes(World world, Flags flags) {
        this.world = world;
        this.flags = flags;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", "/feature-flags", this::list)
                .key(
                        "GET",
                        "/feature-flags/{slug}",
                        request -> Response.ok(bySlug(request).json()))
                .key("PUT", "/feature-flags/{slug}/enable", request -> turn(request, true))
                .key("PUT", "/feature-flags/{slug}/disable", request -> turn(request, false))
                .key("POST", "/feature-flags/{slug}/targets/{target}", request -> target(request, true))
                .key("DELETE", "/feature-flags/{slug}/targets/{target}", request -> target(request, false))
                .key(
                        "GET",
                        "/organizations/{id}/feature-flags",
                        request -> enabled(
                                request,
                                tables -> Registry.organization(tables, new OrganizationId(request.variable("id")))))
                .key(
                        "GET",
                        "/user_management/users/{id}/feature-flags",
                        request ->
                                enabled(request, tables -> Registry.user(tables, new UserId(request.variable("id")))));
    }

    private Response list(Request request) {
        return listing.page(request, Kind.FLAG, tables -> tables.objects.ids(Kind.FLAG), Listing::document);
    }

    private Response enabled(Request request, Consumer<Tables> known) {
        String id = request.variable("id");
        return listing.page(
                request,
                Kind.FLAG,
                tables -> {
                    known.accept(tables);
                    return tables.objects.ids(Kind.FLAG);
                },
                flag -> Flags.isOn(flag, id),
                Listing::document);
    }

    private Response turn(Request request, boolean on) {
        return Response.ok(flags.edit(bySlug(request).id(), document -> document.put("enabled", on))
                .json());
    }

    private Response target(Request request, boolean add) {
        flags.retarget(bySlug(request).id(), request.variable("target"), add);
        return Response.nothing(204);
    }

    private ObjectRecord bySlug(Request request) {
        String slug = request.variable("slug");
        return world.read(tables -> tables.objects.getByAlias(Kind.FLAG, slug, slug));
    }
}
