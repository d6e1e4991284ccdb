package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What in production only the dashboard or an identity provider does, below {@code /_double/}: directories and their
 * people, connections, flags, and the verdict on a domain.
 */
final class DashboardRoutes {
    private final World world;
    private final Rooms rooms;

    DashboardRoutes(World world, Rooms rooms) {
        this.world = world;
        this.rooms = rooms;
    }

    void addTo(Routes routes) {
        addDirectories(routes);
        Domains domains = rooms.domains();
        Connections connections = rooms.connections();
        Flags flags = rooms.flags();
        routes.key(
                        "POST",
                        "/_double/organization_domains/{id}/verify",
                        done(id -> domains.verify(new DoubleId.Domain(id))))
                .key(
                        "POST",
                        "/_double/organization_domains/{id}/fail",
                        done(id -> domains.failVerification(new DoubleId.Domain(id))))
                .key("POST", "/_double/connections", this::draftConnection)
                .key(
                        "POST",
                        "/_double/connections/{id}/activate",
                        done(id -> connections.activate(new DoubleId.Connection(id))))
                .key(
                        "POST",
                        "/_double/connections/{id}/deactivate",
                        done(id -> connections.deactivate(new DoubleId.Connection(id))))
                .key("POST", "/_double/feature-flags", this::createFlag)
                .key("DELETE", "/_double/feature-flags/{id}", done(id -> flags.delete(new DoubleId.Flag(id))));
    }

    private void addDirectories(Routes routes) {
        DirectoryUsers users = rooms.directoryUsers();
        DirectoryGroups groups = rooms.directoryGroups();
        String member = "/_double/directory_groups/{id}/users/{user}";
        routes.key("POST", "/_double/directories", this::connect)
                .key("POST", "/_double/directories/{id}/users", this::addUser)
                .key(
                        "PATCH",
                        "/_double/directory_users/{id}",
                        request -> Response.ok(
                                users.update(new DoubleId.DirectoryUser(request.variable("id")), request.json())
                                        .json()))
                .key(
                        "DELETE",
                        "/_double/directory_users/{id}",
                        done(id -> users.delete(new DoubleId.DirectoryUser(id))))
                .key("POST", "/_double/directories/{id}/groups", this::addGroup)
                .key(
                        "PATCH",
                        "/_double/directory_groups/{id}",
                        request -> Response.ok(groups.rename(
                                        new DoubleId.DirectoryGroup(request.variable("id")),
                                        Body.of(request).required("name"))
                                .json()))
                .key(
                        "DELETE",
                        "/_double/directory_groups/{id}",
                        done(id -> groups.delete(new DoubleId.DirectoryGroup(id))))
                .key("PUT", member, request -> member(request, groups::join))
                .key("DELETE", member, request -> member(request, groups::leave));
    }

    private Response connect(Request request) {
        Body body = Body.of(request);
        String type = body.text("type");
        Directory directory = rooms.connect(
                new OrganizationId(body.required("organization_id")),
                body.required("name"),
                type == null ? Directories.DEFAULT_TYPE : type);
        return made(Kind.DIRECTORY, directory.id().value());
    }

    private Response addUser(Request request) {
        Body body = Body.of(request);
        String email = body.text("email");
        String idp = body.text("idp_id");
        String role = body.text("role");
        Map<String, String> attributes = body.map("custom_attributes", Map.of());
        ObjectRecord user = rooms.directoryUsers()
                .add(
                        new DoubleId.Directory(request.variable("id")),
                        new NewDirectoryUser(
                                idp == null ? "idp-" + body.required("email") : idp,
                                email,
                                body.text("first_name"),
                                body.text("last_name"),
                                body.text("job_title"),
                                role == null ? null : new RoleSlug(role),
                                attributes == null ? Map.of() : attributes));
        return Response.json(201, user.json());
    }

    private Response addGroup(Request request) {
        Body body = Body.of(request);
        return Response.json(
                201,
                rooms.directoryGroups()
                        .add(new DoubleId.Directory(request.variable("id")), body.required("name"), body.text("idp_id"))
                        .json());
    }

    private interface Pairing {
        void of(DoubleId.DirectoryUser user, DoubleId.DirectoryGroup group);
    }

    private static Response member(Request request, Pairing pairing) {
        pairing.of(
                new DoubleId.DirectoryUser(request.variable("user")),
                new DoubleId.DirectoryGroup(request.variable("id")));
        return Response.nothing(204);
    }

    private Response draftConnection(Request request) {
        Body body = Body.of(request);
        DoubleId.Connection id = rooms.connections()
                .draft(
                        new OrganizationId(body.required("organization_id")),
                        body.required("name"),
                        orElse(body.text("connection_type"), "OktaSAML"));
        return made(Kind.CONNECTION, id.value());
    }

    private Response createFlag(Request request) {
        Body body = Body.of(request);
        String slug = body.required("slug");
        return made(
                Kind.FLAG,
                rooms.flags().create(slug, orElse(body.text("name"), slug)).value());
    }

    private Response made(Kind kind, String id) {
        return Response.json(201, world.read(tables -> tables.objects.document(kind, id)));
    }

    private static Routes.Handler done(Consumer<String> verb) {
        return request -> {
            verb.accept(request.variable("id"));
            return Response.nothing(204);
        };
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
