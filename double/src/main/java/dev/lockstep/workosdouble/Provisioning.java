package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What AuthKit makes of directory users when provisioning is on: users and managed memberships. An existing user's
 * address is never changed, and deleting a directory leaves its memberships as they are.
 */
final class Provisioning {
    private static final String USER = "user_";

    private final Registry registry;
    private final boolean on;

    Provisioning(Registry registry, boolean on) {
        this.registry = registry;
        this.on = on;
    }

    /** Somebody came or changed. With a verified domain of the organization one is in, without it one is a guest. */
    void arrived(Change change, ObjectRecord person) {
        ObjectNode document = Json.objectOf(person.json());
        String email = text(document, "email");
        OrganizationId organization = organization(document);
        if (!on || email.isEmpty() || !text(document, "state").equals("active")) {
            return;
        }
        UserRecord user = linked(change.tables(), person)
                .or(() -> change.tables().userByEmail(email))
                .orElseGet(() -> registry.createUser(
                        change, NewUser.named(email, text(document, "first_name"), text(document, "last_name"))));
        link(change, person, user);
        JsonNode role = document.path("role").path("slug");
        Registry.provision(
                change,
                user.id(),
                organization,
                role.isString() ? new RoleSlug(role.asString()) : Roles.DEFAULT,
                isOwn(change.tables(), organization, email) ? Status.ACTIVE : Status.PENDING);
    }

    /** Somebody was switched off or taken away. */
    void left(Change change, ObjectRecord person) {
        if (!on) {
            return;
        }
        ObjectNode document = Json.objectOf(person.json());
        Optional<MembershipRecord> membership = linked(change.tables(), person)
                .flatMap(user -> change.tables().membership(user.id(), organization(document)));
        membership.filter(MembershipRecord::directoryManaged).ifPresent(found -> Registry.deprovision(change, found));
    }

    /** The user whom the person became once, whatever the addresses are now. */
    private static Optional<UserRecord> linked(Tables tables, ObjectRecord person) {
        return person.owners().stream()
                .filter(owner -> owner.startsWith(USER))
                .findFirst()
                .map(id -> tables.users.find(new UserId(id)));
    }

    private static void link(Change change, ObjectRecord person, UserRecord user) {
        if (!person.owners().contains(user.id().value())) {
            List<String> owners = new ArrayList<>(person.owners());
            owners.removeIf(owner -> owner.startsWith(USER));
            owners.add(user.id().value());
            change.put(new Fact.ObjectPut(
                    new ObjectRecord(person.kind(), person.id(), person.alias(), owners, person.json())));
        }
    }

    private static boolean isOwn(Tables tables, OrganizationId organization, String email) {
        String domain = email.substring(email.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        return tables.objects
                .byAlias(Kind.DOMAIN, domain)
                .filter(found -> found.owners().contains(organization.value()))
                .filter(found ->
                        Json.objectOf(found.json()).get("state").asString().equals("verified"))
                .isPresent();
    }

    private static OrganizationId organization(ObjectNode person) {
        return new OrganizationId(text(person, "organization_id"));
    }

    private static String text(ObjectNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? "" : value.asString();
    }
}
