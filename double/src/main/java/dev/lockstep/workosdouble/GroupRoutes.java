package dev.lockstep.workosdouble;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import tools.jackson.databind.node.ObjectNode;

/** AuthKit groups below {@code /organizations/{organization}/groups}. */
final class GroupRoutes {
    private static final String BASE = "/organizations/{organization}/groups";
    private static final String MEMBERS = BASE + "/{id}/organization-memberships";

    private final World world;
    private final Groups groups;
    private final Listing listing;

    GroupRoutes(World world, Groups groups) {
        this.world = world;
        this.groups = groups;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", BASE, this::list)
                .key("POST", BASE, this::create)
                .key("GET", BASE + "/{id}", this::show)
                .key("PATCH", BASE + "/{id}", this::update)
                .key("DELETE", BASE + "/{id}", this::delete)
                .key("GET", MEMBERS, this::members)
                .key("POST", MEMBERS, this::add)
                .key("DELETE", MEMBERS + "/{member}", this::remove)
                .key("GET", "/user_management/organization_memberships/{member}/groups", this::ofMember);
    }

    private Response list(Request request) {
        OrganizationId organization = new OrganizationId(request.variable("organization"));
        return listing.page(
                request,
                Kind.GROUP,
                tables -> {
                    Registry.organization(tables, organization);
                    return tables.objects.owned(Kind.GROUP, organization.value());
                },
                Listing::document);
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        ObjectRecord group = groups.create(
                new OrganizationId(request.variable("organization")), body.required("name"), body.text("description"));
        return Response.json(201, group.json());
    }

    private Response show(Request request) {
        return Response.ok(group(request).json());
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
        return Response.ok(groups.update(group(request).id(), fields).json());
    }

    private Response delete(Request request) {
        groups.delete(new DoubleId.Group(group(request).id()));
        return Response.nothing(204);
    }

    private Response members(Request request) {
        String group = group(request).id();
        Paging.Ask ask = Paging.Ask.of(request);
        return Response.ok(world.read(tables -> {
            Paging.Page<String> page = Paging.cut(
                    tables.objects.owned(Kind.GROUP_MEMBER, group),
                    ask,
                    member -> group + "/" + member,
                    pair -> pair.substring(pair.indexOf('/') + 1),
                    pair -> true);
            return Wire.list(
                    page,
                    pair -> Wire.membership(
                            Registry.membership(tables, new MembershipId(pair.substring(pair.indexOf('/') + 1))),
                            tables));
        }));
    }

    private Response add(Request request) {
        ObjectRecord group = group(request);
        groups.add(
                new DoubleId.Group(group.id()),
                new MembershipId(Body.of(request).required("organization_membership_id")));
        return Response.json(201, group.json());
    }

    private Response remove(Request request) {
        groups.remove(new DoubleId.Group(group(request).id()), new MembershipId(request.variable("member")));
        return Response.nothing(204);
    }

    private Response ofMember(Request request) {
        MembershipId member = new MembershipId(request.variable("member"));
        Paging.Ask ask = Paging.Ask.of(request);
        return Response.ok(world.read(tables -> {
            Registry.membership(tables, member);
            Paging.Page<String> page = Paging.cut(
                    tables.objects.owned(Kind.GROUP_MEMBER, member.value()),
                    ask,
                    group -> group + "/" + member,
                    pair -> pair.substring(0, pair.indexOf('/')),
                    pair -> true);
            return Wire.list(page, pair -> tables.objects.document(Kind.GROUP, pair.substring(0, pair.indexOf('/'))));
        }));
    }

    /** A group of another organization is as unknown as one that does not exist. */
    private ObjectRecord group(Request request) {
        String organization = request.variable("organization");
        String id = request.variable("id");
        ObjectRecord group = world.read(tables -> tables.objects.get(Kind.GROUP, id));
        if (!group.owners().contains(organization)) {
            throw ApiRefusal.notFound("Group", id);
        }
        return group;
    }
}
