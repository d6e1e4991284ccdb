package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** {@code /organizations}, with their domains inside. */
final class OrganizationRoutes {
    private final World world;
    private final Registry registry;

    OrganizationRoutes(World world, Registry registry) {
        this.world = world;
        this.registry = registry;
    }

    void addTo(Routes routes) {
        routes.key("GET", "/organizations", this::list)
                .key("POST", "/organizations", this::create)
                .key("GET", "/organizations/external_id/{id}", this::showByExternalId)
                .key("GET", "/organizations/{id}", this::show)
                .key("PUT", "/organizations/{id}", this::update)
                .key("DELETE", "/organizations/{id}", this::delete);
    }

    private Response list(Request request) {
        Paging.Ask ask = Paging.Ask.of(request);
        List<String> domains = request.queryList("domains");
        String search = request.query("search");
        return Response.ok(world.read(tables -> {
            Paging.Page<OrganizationId> page = Paging.cut(
                    candidates(tables, domains),
                    ask,
                    OrganizationId::new,
                    OrganizationId::value,
                    id -> search == null
                            || Registry.organization(tables, id).name().contains(search));
            return Wire.list(page, id -> Wire.organization(Registry.organization(tables, id), tables));
        }));
    }

    private static NavigableSet<OrganizationId> candidates(Tables tables, List<String> domains) {
        if (domains.isEmpty()) {
            return tables.organizations.ids();
        }
        NavigableSet<OrganizationId> found =
                new TreeSet<>(tables.organizations.ids().comparator());
        domains.forEach(domain -> tables.objects
                .byAlias(Kind.DOMAIN, domain.toLowerCase(Locale.ROOT))
                .ifPresent(kept -> found.add(new OrganizationId(kept.owners().getFirst()))));
        return found;
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        List<Domains.Wanted> domains = body.domains();
        OrganizationRecord organization = registry.createOrganization(
                body.required("name"),
                body.text("external_id"),
                Optional.ofNullable(body.metadata(Map.of())).orElse(Map.of()),
                domains == null ? List.of() : domains);
        return shown(201, organization.id());
    }

    private Response show(Request request) {
        return shown(200, new OrganizationId(request.variable("id")));
    }

    private Response showByExternalId(Request request) {
        String external = request.variable("id");
        return Response.ok(world.read(tables -> tables.organizationByExternalId(external)
                .map(organization -> Wire.organization(organization, tables))
                .orElseThrow(() -> ApiRefusal.notFound("Organization", external))));
    }

    private Response update(Request request) {
        OrganizationId id = new OrganizationId(request.variable("id"));
        Body body = Body.of(request);
        OrganizationRecord old = world.read(tables -> Registry.organization(tables, id));
        registry.updateOrganization(
                id, body.text("name"), body.edit("external_id"), body.metadata(old.metadata()), body.domains());
        return shown(200, id);
    }

    private Response delete(Request request) {
        registry.deleteOrganization(new OrganizationId(request.variable("id")));
        return Response.nothing(202);
    }

    private Response shown(int status, OrganizationId id) {
        return Response.json(
                status, world.read(tables -> Wire.organization(Registry.organization(tables, id), tables)));
    }
}
