package dev.lockstep.workosdouble;

import org.jspecify.annotations.Nullable;

/** {@code /webhook_endpoints}. */
final class WebhookEndpointRoutes {
    private final WebhookEndpoints endpoints;
    private final Listing listing;

    WebhookEndpointRoutes(World world, WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", "/webhook_endpoints", this::list)
                .key("POST", "/webhook_endpoints", this::create)
                .key("PATCH", "/webhook_endpoints/{id}", this::update)
                .key("DELETE", "/webhook_endpoints/{id}", this::delete);
    }

    private Response list(Request request) {
        return listing.page(
                request, Kind.WEBHOOK_ENDPOINT, tables -> tables.objects.ids(Kind.WEBHOOK_ENDPOINT), Listing::document);
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        return Response.json(
                201,
                endpoints
                        .register(body.required("endpoint_url"), body.texts("events"))
                        .json());
    }

    private Response update(Request request) {
        Body body = Body.of(request);
        return Response.ok(endpoints
                .update(
                        request.variable("id"),
                        body.text("endpoint_url"),
                        body.json().has("events") ? body.texts("events") : null,
                        enabled(body.text("status")))
                .json());
    }

    private static @Nullable Boolean enabled(@Nullable String status) {
        if (status == null) {
            return null;
        }
        if (!status.equals("enabled") && !status.equals("disabled")) {
            throw ApiRefusal.invalid("status", "status_must_be_enabled_or_disabled");
        }
        return status.equals("enabled");
    }

    private Response delete(Request request) {
        endpoints.delete(request.variable("id"));
        return Response.nothing(204);
    }
}
