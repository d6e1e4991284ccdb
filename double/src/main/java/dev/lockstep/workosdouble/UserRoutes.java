package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code /user_management/users}. */
final class UserRoutes {
    private final World world;
    private final Registry registry;

    UserRoutes(World world, Registry registry) {
        this.world = world;
        this.registry = registry;
    }

    void addTo(Routes routes) {
        routes.key("GET", "/user_management/users", this::list)
                .key("POST", "/user_management/users", this::create)
                .key("GET", "/user_management/users/external_id/{id}", this::showByExternalId)
                .key("GET", "/user_management/users/{id}", this::show)
                .key("PUT", "/user_management/users/{id}", this::update)
                .key("DELETE", "/user_management/users/{id}", this::delete);
    }

    private Response list(Request request) {
        Paging.Ask ask = Paging.Ask.of(request);
        String email = request.query("email");
        String organization = request.query("organization_id");
        return Response.ok(world.read(tables -> {
            Paging.Page<UserId> page =
                    Paging.cut(candidates(tables, email, organization), ask, UserId::new, UserId::value, id -> true);
            return Wire.list(page, id -> Wire.user(Registry.user(tables, id)));
        }));
    }

    private static NavigableSet<UserId> candidates(
            Tables tables, @Nullable String email, @Nullable String organization) {
        if (email == null && organization == null) {
            return tables.users.ids();
        }
        NavigableSet<UserId> found = new TreeSet<>(tables.users.ids().comparator());
        if (email != null) {
            tables.userByEmail(email)
                    .map(UserRecord::id)
                    .filter(id -> organization == null
                            || tables.membership(id, new OrganizationId(organization))
                                    .isPresent())
                    .ifPresent(found::add);
        } else if (organization != null) {
            return tables.usersOfOrganization.of(new OrganizationId(organization));
        }
        return found;
    }

    private Response create(Request request) {
        Body body = Body.of(request);
        UserRecord user = registry.createUser(new NewUser(
                body.required("email"),
                body.text("first_name"),
                body.text("last_name"),
                body.flag("email_verified").orElse(false),
                null,
                body.text("external_id"),
                Optional.ofNullable(body.metadata(Map.of())).orElse(Map.of())));
        return Response.json(201, Wire.user(user));
    }

    private Response show(Request request) {
        UserId id = new UserId(request.variable("id"));
        return Response.ok(world.read(tables -> Wire.user(Registry.user(tables, id))));
    }

    private Response showByExternalId(Request request) {
        String external = request.variable("id");
        return Response.ok(world.read(tables -> tables.userByExternalId(external)
                .map(Wire::user)
                .orElseThrow(() -> ApiRefusal.notFound("User", external))));
    }

    private Response update(Request request) {
        UserId id = new UserId(request.variable("id"));
        Body body = Body.of(request);
        UserRecord old = world.read(tables -> Registry.user(tables, id));
        UserPatch patch = new UserPatch(
                body.text("email"),
                body.edit("first_name"),
                body.edit("last_name"),
                body.flag("email_verified").orElse(null),
                body.edit("external_id"),
                body.metadata(old.metadata()));
        return Response.ok(Wire.user(registry.updateUser(id, patch)));
    }

    private Response delete(Request request) {
        registry.deleteUser(new UserId(request.variable("id")));
        return Response.nothing(204);
    }
}
