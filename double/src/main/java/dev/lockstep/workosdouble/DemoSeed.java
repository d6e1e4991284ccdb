package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.util.List;
import java.util.Map;

/** The four people in two organizations that the demo starts with. Planting them twice changes nothing, and brings nothing back. */
final class DemoSeed {
    /** The default rights of the default roles. */
    static final Map<RoleSlug, List<Permission>> PERMISSIONS = Map.of(
            new RoleSlug("owner"),
            permissions("organization:manage", "members:manage", "members:read", "content:write", "content:read"),
            new RoleSlug("admin"),
            permissions("members:manage", "members:read", "content:write", "content:read"),
            new RoleSlug("member"),
            permissions("members:read", "content:write", "content:read"),
            new RoleSlug("viewer"),
            permissions("members:read", "content:read"));

    private static final List<Persona> PERSONAS = List.of(
            new Persona("ada@acme.test", "Ada", "Osei", "owner", "Acme Robotics"),
            new Persona("ben@acme.test", "Ben", "Ito", "admin", "Acme Robotics"),
            new Persona("cleo@globex.test", "Cleo", "Marsh", "member", "Globex Health"),
            new Persona("dev@globex.test", "Dev", "Patel", "viewer", "Globex Health"));

    private final World world;
    private final Registry registry;

    DemoSeed(World world, Registry registry) {
        this.world = world;
        this.registry = registry;
    }

    void plant() {
        if (world.read(Tables::house).demoSeeded()) {
            return;
        }
        for (Persona persona : PERSONAS) {
            OrganizationId organization = organization(persona.organization());
            UserId user = user(persona);
            if (world.read(tables -> tables.membership(user, organization)).isEmpty()) {
                registry.addMember(user, organization, new RoleSlug(persona.role()), Status.ACTIVE);
            }
        }
        world.change(change -> {
            change.put(new Fact.HousePut(change.tables().house().seeded()));
            return true;
        });
    }

    private UserId user(Persona persona) {
        return world.read(tables -> tables.userByEmail(persona.email()))
                .orElseGet(() ->
                        registry.createUser(NewUser.named(persona.email(), persona.firstName(), persona.lastName())))
                .id();
    }

    private OrganizationId organization(String name) {
        return world.read(tables -> tables.organizations.all().stream()
                        .filter(organization -> organization.name().equals(name))
                        .findFirst())
                .orElseGet(() -> registry.createOrganization(name, null, Map.of(), List.of()))
                .id();
    }

    private static List<Permission> permissions(String... slugs) {
        return List.of(slugs).stream().map(Permission::new).toList();
    }

    private record Persona(String email, String firstName, String lastName, String role, String organization) {}
}
