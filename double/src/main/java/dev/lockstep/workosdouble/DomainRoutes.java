package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;

/** {@code /organization_domains}. They have no list of their own: the organization carries them. */
final class DomainRoutes {
    private final World world;
    private final Domains domains;

    DomainRoutes(World world, Domains domains) {
        this.world = world;
        this.domains = domains;
    }

    void addTo(Routes routes) {
        routes.key("POST", "/organization_domains", this::create)
                .key("GET", "/organization_domains/{id}", this::show)
                .key("POST", "/organization_domains/{id}/verify", this::verify)
                .key("DELETE", "/organization_domains/{id}", this::delete);
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        DoubleId.Domain id = domains.add(new OrganizationId(body.required("organization_id")), body.required("domain"));
        return Response.json(201, world.read(tables -> tables.objects.document(Kind.DOMAIN, id.value())));
    }

    private Response show(Request request) {
        String id = request.variable("id");
        return Response.ok(world.read(tables -> tables.objects.document(Kind.DOMAIN, id)));
    }

    private Response verify(Request request) {
        return Response.ok(
                domains.askAgain(new DoubleId.Domain(request.variable("id"))).json());
    }

    private Response delete(Request request) {
        domains.delete(new DoubleId.Domain(request.variable("id")));
        return Response.nothing(204);
    }
}
