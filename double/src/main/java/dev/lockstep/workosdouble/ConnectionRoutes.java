package dev.lockstep.workosdouble;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /connections}: read and delete, as the public API has it. */
final class ConnectionRoutes {
    private final World world;
    private final Connections connections;
    private final Listing listing;

    ConnectionRoutes(World world, Connections connections) {
        this.world = world;
        this.connections = connections;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", "/connections", this::list)
                .key("GET", "/connections/{id}", this::show)
                .key("DELETE", "/connections/{id}", this::delete);
    }

    private Response list(Request request) {
        String organization = request.query("organization_id");
        String type = request.query("connection_type");
        String domain = request.query("domain");
        return listing.page(
                request,
                Kind.CONNECTION,
                tables -> organization == null
                        ? tables.objects.ids(Kind.CONNECTION)
                        : tables.objects.owned(Kind.CONNECTION, organization),
                connection -> {
                    ObjectNode document = Json.objectOf(connection.json());
                    return (type == null
                                    || document.get("connection_type")
                                            .asString()
                                            .equals(type))
                            && (domain == null || hasDomain(document, domain));
                },
                Listing::document);
    }

    private static boolean hasDomain(JsonNode connection, String domain) {
        return connection
                .get("domains")
                .valueStream()
                .anyMatch(each -> each.get("domain").asString().equals(domain));
    }

    private Response show(Request request) {
        String id = request.variable("id");
        return Response.ok(world.read(tables -> tables.objects.document(Kind.CONNECTION, id)));
    }

    private Response delete(Request request) {
        connections.delete(new DoubleId.Connection(request.variable("id")));
        return Response.nothing(202);
    }
}
