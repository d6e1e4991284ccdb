package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.Map;
import java.util.Optional;

/** {@code /organizations}. Domains are not simulated: the list is always empty. */
final class OrganizationRoutes {
    private final World world;
    private final Directory directory;

    OrganizationRoutes(World world, Directory directory) {
        this.world = world;
        this.directory = directory;
    }

    void addTo(Routes routes) {
        routes.key("GET", "/organizations", this::list)
                .key("POST", "/organizations", this::create)
                .key("GET", "/organizations/{id}", this::show)
                .key("PUT", "/organizations/{id}", this::update)
                .key("DELETE", "/organizations/{id}", this::delete);
    }

    private Response list(Request request) {
        Paging.Ask ask = Paging.Ask.of(request);
        return Response.ok(world.read(tables -> {
            Paging.Page<OrganizationId> page =
                    Paging.cut(tables.organizations.ids(), ask, OrganizationId::new, OrganizationId::value, id -> true);
            return Wire.list(page, id -> Wire.organization(Directory.organization(tables, id)));
        }));
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        OrganizationRecord organization = directory.createOrganization(
                body.required("name"),
                body.text("external_id"),
                Optional.ofNullable(body.metadata(Map.of())).orElse(Map.of()));
        return Response.json(201, Wire.organization(organization));
    }

    private Response show(Request request) {
        OrganizationId id = new OrganizationId(request.variable("id"));
        return Response.ok(world.read(tables -> Wire.organization(Directory.organization(tables, id))));
    }

    private Response update(Request request) {
        OrganizationId id = new OrganizationId(request.variable("id"));
        Body body = Body.of(request);
        OrganizationRecord old = world.read(tables -> Directory.organization(tables, id));
        OrganizationRecord organization = directory.updateOrganization(
                id, body.text("name"), body.edit("external_id"), body.metadata(old.metadata()));
        return Response.ok(Wire.organization(organization));
    }

    private Response delete(Request request) {
        directory.deleteOrganization(new OrganizationId(request.variable("id")));
        return Response.nothing(202);
    }
}
