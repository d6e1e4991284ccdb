package dev.lockstep.workosdouble;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /user_management/organization_memberships}; a list has to name a user or an organization. */
final class MembershipRoutes {
    private static final String BASE = "/user_management/organization_memberships";

    private final World world;
    private final Registry registry;

    MembershipRoutes(World world, Registry registry) {
        this.world = world;
        this.registry = registry;
    }

    void addTo(Routes routes) {
        routes.key("GET", BASE, this::list)
                .key("POST", BASE, this::create)
                .key("GET", BASE + "/{id}", this::show)
                .key("PUT", BASE + "/{id}", this::update)
                .key("PUT", BASE + "/{id}/deactivate", request -> status(request, Status.INACTIVE))
                .key("PUT", BASE + "/{id}/reactivate", request -> status(request, Status.ACTIVE))
                .key("DELETE", BASE + "/{id}", this::delete);
    }

    private Response list(Request request) {
        Paging.Ask ask = Paging.Ask.of(request);
        String user = request.query("user_id");
        String organization = request.query("organization_id");
        Set<Status> statuses = statuses(request.queryList("statuses"));
        return Response.ok(world.read(tables -> {
            Paging.Page<MembershipId> page =
                    Paging.cut(scope(tables, user, organization), ask, MembershipId::new, MembershipId::value, id -> {
                        MembershipRecord found = Registry.membership(tables, id);
                        return statuses.contains(found.status())
                                && (organization == null
                                        || found.organizationId().value().equals(organization));
                    });
            return Wire.list(page, id -> Wire.membership(Registry.membership(tables, id), tables));
        }));
    }

    private static NavigableSet<MembershipId> scope(
            Tables tables, @Nullable String user, @Nullable String organization) {
        if (user != null) {
            return tables.membershipsOfUser.of(new UserId(user));
        }
        if (organization != null) {
            return tables.membershipsOfOrganization.of(new OrganizationId(organization));
        }
        throw ApiRefusal.invalid("user_id", "user_id_or_organization_id_required");
    }

    private static Set<Status> statuses(List<String> asked) {
        EnumSet<Status> statuses = EnumSet.noneOf(Status.class);
        for (String text : asked) {
            try {
                statuses.add(Status.valueOf(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw ApiRefusal.invalid("statuses", "unknown_status");
            }
        }
        return statuses.isEmpty() ? EnumSet.of(Status.ACTIVE) : statuses;
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        String role = body.text("role_slug");
        OrganizationId organization = new OrganizationId(body.required("organization_id"));
        MembershipRecord membership = registry.addMember(
                new UserId(body.required("user_id")),
                organization,
                known(organization, role == null ? Roles.DEFAULT : new RoleSlug(role)),
                Status.ACTIVE);
        return shown(201, membership.id());
    }

    private RoleSlug known(OrganizationId organization, RoleSlug role) {
        if (!world.read(tables -> Roles.exists(tables, organization, role))) {
            throw ApiRefusal.unprocessable("role_not_found", "There is no such role.", "role_not_found");
        }
        return role;
    }

    private Response show(Request request) {
        return shown(200, new MembershipId(request.variable("id")));
    }

    private Response update(Request request) {
        MembershipId id = new MembershipId(request.variable("id"));
        RoleSlug role = new RoleSlug(Body.of(request).required("role_slug"));
        OrganizationId organization =
                world.read(tables -> Registry.membership(tables, id)).organizationId();
        registry.changeRole(id, known(organization, role));
        return shown(200, id);
    }

    private Response status(Request request, Status status) {
        MembershipId id = new MembershipId(request.variable("id"));
        registry.changeStatus(id, status);
        return shown(200, id);
    }

    private Response delete(Request request) {
        registry.removeMember(new MembershipId(request.variable("id")));
        return Response.nothing(204);
    }

    private Response shown(int status, MembershipId id) {
        return Response.json(status, world.read(tables -> Wire.membership(Registry.membership(tables, id), tables)));
    }
}
