package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that the double is made of, wired once. */
final class Rooms {
    private final World world;
    private final House house;
    private final String issuer;
    private final Domains domains;
    private final Registry registry;
    private final Tokens tokens;
    private final SignIn signIn;
    private final Directories directories;
    private final DirectoryUsers directoryUsers;
    private final DirectoryGroups directoryGroups;
    private final Roles roles;
    private final Permissions permissions;
    private final Invitations invitations;
    private final Connections connections;
    private final Groups groups;
    private final Flags flags;
    private final ApiKeys apiKeys;

    Rooms(World world, DoubleSettings settings, House house, URI baseUrl) {
        this.world = world;
        this.house = house;
        this.issuer = baseUrl + "/user_management/" + house.clientId();
        this.domains = new Domains(world, settings.random());
        this.registry = new Registry(world, domains, settings.cascades());
        this.tokens = new Tokens(house, issuer, settings);
        this.signIn = new SignIn(world, tokens, settings.random());
        this.directories = new Directories(world);
        this.directoryUsers = new DirectoryUsers(
                world, settings.inactiveUsers(), new Provisioning(registry, settings.provisioning()));
        this.directoryGroups = new DirectoryGroups(world);
        this.roles = new Roles(world);
        this.permissions = new Permissions(world, roles);
        this.invitations = new Invitations(world, registry, settings.random(), baseUrl.toString());
        this.connections = new Connections(world);
        this.groups = new Groups(world);
        this.flags = new Flags(world, house.clientId());
        this.apiKeys = new ApiKeys(world, settings.random());
    }

    /** The roles and permissions of a new environment. */
    void furnish(DoubleSettings settings) {
        TreeSet<String> slugs = new TreeSet<>();
        settings.permissions()
                .values()
                .forEach(each -> each.stream().map(Permission::value).forEach(slugs::add));
        permissions.plant(slugs);
        roles.plant(settings.permissions());
    }

    Routes routes(DoubleSettings settings, WorkOsDouble whole) {
        RedirectRule redirects = new RedirectRule(settings.redirectUris());
        Routes routes = new Routes();
        Page.addTo(routes);
        new AuthorizeRoutes(world, registry, signIn, house.clientId(), redirects).addTo(routes);
        new AuthenticateRoutes(world, signIn, tokens, house).addTo(routes);
        new SessionRoutes(world, registry, redirects).addTo(routes);
        new UserRoutes(world, registry).addTo(routes);
        new OrganizationRoutes(world, registry).addTo(routes);
        new MembershipRoutes(world, registry).addTo(routes);
        new DomainRoutes(world, domains).addTo(routes);
        new DirectoryRoutes(world, directories).addTo(routes);
        new RoleRoutes(world, roles).addTo(routes);
        new PermissionRoutes(world, permissions).addTo(routes);
        new InvitationRoutes(world, invitations).addTo(routes);
        new ConnectionRoutes(world, connections).addTo(routes);
        new GroupRoutes(world, groups).addTo(routes);
        new FlagRoutes(world, flags).addTo(routes);
        new ApiKeyRoutes(world, apiKeys).addTo(routes);
        new WebhookEndpointRoutes(world, new WebhookEndpoints(world, settings.random())).addTo(routes);
        new AdminRoutes(whole, this).addTo(routes);
        new DashboardRoutes(world, this).addTo(routes);
        new EventRoutes(world, settings).addTo(routes);
        return routes;
    }

    TruthSnapshot truth() {
        return world.read(tables -> {
            Map<Kind, List<ObjectRecord>> objects = new EnumMap<>(Kind.class);
            for (Kind kind : Kind.values()) {
                objects.put(
                        kind, tables.objects.all(kind).stream().map(this::now).toList());
            }
            return new TruthSnapshot(
                    List.copyOf(tables.users.all()),
                    List.copyOf(tables.organizations.all()),
                    List.copyOf(tables.memberships.all()),
                    tables.sessions.all().stream()
                            .filter(session -> session.aliveAt(world.now()))
                            .toList(),
                    objects);
        });
    }

    /** The documents of one kind as a JSON list. */
    ObjectNode documents(Kind kind) {
        return world.read(tables -> {
            ObjectNode answer = Json.object().put("object", "list");
            ArrayNode data = answer.putArray("data");
            tables.objects
                    .all(kind)
                    .forEach(object -> data.add(Json.objectOf(now(object).json())));
            return answer;
        });
    }

    /** Everything is gone but the house; roles and permissions are those of a new environment. */
    void empty(DoubleSettings settings) {
        world.change(change -> {
            change.put(new Fact.Emptied());
            change.put(new Fact.HousePut(change.tables().house().unseeded()));
            return true;
        });
        furnish(settings);
    }

    /** Only invitations change by time alone. */
    private ObjectRecord now(ObjectRecord object) {
        return object.kind() == Kind.INVITATION
                ? new ObjectRecord(
                        object.kind(),
                        object.id(),
                        object.alias(),
                        object.owners(),
                        Json.write(Invitations.document(object, world.now())))
                : object;
    }

    Directory connect(OrganizationId organization, String name, String type) {
        return directory(new DoubleId.Directory(
                directories.connect(organization, name, type).id()));
    }

    Directory directory(DoubleId.Directory id) {
        return new Directory(id, directories, directoryUsers, directoryGroups);
    }

    House house() {
        return house;
    }

    String issuer() {
        return issuer;
    }

    Registry registry() {
        return registry;
    }

    SignIn signIn() {
        return signIn;
    }

    Domains domains() {
        return domains;
    }

    DirectoryUsers directoryUsers() {
        return directoryUsers;
    }

    DirectoryGroups directoryGroups() {
        return directoryGroups;
    }

    Roles roles() {
        return roles;
    }

    Permissions permissions() {
        return permissions;
    }

    Invitations invitations() {
        return invitations;
    }

    Connections connections() {
        return connections;
    }

    Groups groups() {
        return groups;
    }

    Flags flags() {
        return flags;
    }

    ApiKeys apiKeys() {
        return apiKeys;
    }
}
