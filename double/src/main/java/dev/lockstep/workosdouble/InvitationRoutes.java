package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import tools.jackson.databind.node.ObjectNode;

/** {@code /user_management/invitations}. */
final class InvitationRoutes {
    private static final String BASE = "/user_management/invitations";
    private static final int LONGEST_DAYS = 30;

    private final World world;
    private final Invitations invitations;
    private final Listing listing;

    InvitationRoutes(World world, Invitations invitations) {
        this.world = world;
        this.invitations = invitations;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", BASE, this::list)
                .key("POST", BASE, this::send)
                .key("GET", BASE + "/{id}", this::show)
                .key("GET", BASE + "/by_token/{token}", this::showByToken)
                .key("POST", BASE + "/{id}/accept", request -> ok(invitations.accepted(request.variable("id"))))
                .key("POST", BASE + "/{id}/revoke", request -> ok(invitations.revoked(request.variable("id"))))
                .key("POST", BASE + "/{id}/resend", request -> ok(invitations.resent(request.variable("id"))));
    }

    private Response list(Request request) {
        String email = request.query("email");
        String organization = request.query("organization_id");
        return listing.page(
                request,
                Kind.INVITATION,
                tables -> {
                    if (email != null) {
                        return tables.objects.owned(Kind.INVITATION, Invitations.byEmail(email));
                    }
                    return organization == null
                            ? tables.objects.ids(Kind.INVITATION)
                            : tables.objects.owned(Kind.INVITATION, organization);
                },
                invitation -> organization == null || invitation.owners().contains(organization),
                (tables, invitation) -> document(invitation));
    }

    private Response send(Request request) {
        Body body = Body.of(request);
        String organization = body.text("organization_id");
        String inviter = body.text("inviter_user_id");
        String role = body.text("role_slug");
        int days = body.number("expires_in_days").orElse(7);
        if (days < 1 || days > LONGEST_DAYS) {
            throw ApiRefusal.invalid("expires_in_days", "expires_in_days_must_be_between_1_and_30");
        }
        ObjectRecord invitation = invitations.send(new Invitations.Wanted(
                body.required("email"),
                organization == null ? null : new OrganizationId(organization),
                inviter == null ? null : new UserId(inviter),
                role == null ? null : new RoleSlug(role),
                days));
        return Response.json(201, document(invitation));
    }

    private Response show(Request request) {
        String id = request.variable("id");
        return ok(world.read(tables -> tables.objects.get(Kind.INVITATION, id)));
    }

    private Response showByToken(Request request) {
        String token = request.variable("token");
        return ok(world.read(tables -> tables.objects.getByAlias(Kind.INVITATION, token, "by token")));
    }

    private Response ok(ObjectRecord invitation) {
        return Response.ok(document(invitation));
    }

    private ObjectNode document(ObjectRecord invitation) {
        return Invitations.document(invitation, world.now());
    }
}
