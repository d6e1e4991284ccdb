package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import tools.jackson.databind.node.ObjectNode;

/** API keys of organizations and users, their validation and their end. */
final class ApiKeyRoutes {
    private final World world;
    private final ApiKeys keys;
    private final Listing listing;

    ApiKeyRoutes(World world, ApiKeys keys) {
        this.world = world;
        this.keys = keys;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", "/organizations/{id}/api_keys", this::listOfOrganization)
                .key("POST", "/organizations/{id}/api_keys", this::createForOrganization)
                .key("GET", "/user_management/users/{id}/api_keys", this::listOfUser)
                .key("POST", "/user_management/users/{id}/api_keys", this::createForUser)
                .key("POST", "/api_keys/validations", this::validate)
                .key("DELETE", "/api_keys/{id}", this::delete);
    }

    private Response listOfOrganization(Request request) {
        OrganizationId organization = new OrganizationId(request.variable("id"));
        return listing.page(
                request,
                Kind.API_KEY,
                tables -> {
                    Registry.organization(tables, organization);
                    return tables.objects.owned(Kind.API_KEY, organization.value());
                },
                Listing::document);
    }

    private Response listOfUser(Request request) {
        UserId user = new UserId(request.variable("id"));
        return listing.page(
                request,
                Kind.API_KEY,
                tables -> {
                    Registry.user(tables, user);
                    return tables.objects.owned(Kind.API_KEY, user.value());
                },
                Listing::document);
    }

    private Response createForOrganization(Request request) {
        Body body = Body.of(request);
        return made(keys.create(
                ApiKeys.owner(new OrganizationId(request.variable("id"))),
                body.required("name"),
                body.texts("permissions")));
    }

    private Response createForUser(Request request) {
        Body body = Body.of(request);
        UserId user = new UserId(request.variable("id"));
        world.read(tables -> Registry.user(tables, user));
        return made(keys.create(
                ApiKeys.owner(user, new OrganizationId(body.required("organization_id"))),
                body.required("name"),
                body.texts("permissions")));
    }

    /** The only answer that carries the value. */
    private Response made(ApiKeys.Made made) {
        ObjectNode document = world.read(
                tables -> tables.objects.document(Kind.API_KEY, made.id().value()));
        return Response.json(201, document.put("value", made.value()));
    }

    private Response validate(Request request) {
        ObjectNode answer = Json.object();
        keys.validate(Body.of(request).required("value"))
                .ifPresentOrElse(
                        key -> answer.set("api_key", Json.objectOf(key.json())), () -> answer.putNull("api_key"));
        return Response.ok(answer);
    }

    private Response delete(Request request) {
        keys.revoke(new DoubleId.ApiKey(request.variable("id")));
        return Response.nothing(204);
    }
}
