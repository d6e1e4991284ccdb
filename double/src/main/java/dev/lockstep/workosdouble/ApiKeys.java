package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * API keys of organizations and users, kept as hashes. Thread-safe; a verb that names something unknown throws
 * {@link IllegalArgumentException}.
 */
public final class ApiKeys {
    private final World world;
    private final RandomGenerator random;

    ApiKeys(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** A new key, with its value in the clear for this once. */
    public record Made(DoubleId.ApiKey id, String value) {
        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    /** Emits {@code api_key.created}. */
    public Made create(OrganizationId organization, String name, List<String> permissions) {
        return create(owner(organization), name, permissions);
    }

    /** Emits {@code api_key.updated} with {@code previous_attributes}. */
    public void rename(DoubleId.ApiKey id, String name) {
        world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.API_KEY, id.value());
            ObjectNode before = Json.objectOf(old.json());
            ObjectNode after = before.deepCopy().put("name", name);
            ObjectRecord key = change.rewrite(old, after);
            ObjectNode data = Json.objectOf(key.json());
            data.set("previous_attributes", DirectoryUsers.previous(before, after));
            change.emit("api_key.updated", data, organization(key));
            return key;
        });
    }

    /** The key is gone at once. Emits {@code api_key.revoked}. */
    public void revoke(DoubleId.ApiKey id) {
        world.change(change -> {
            ObjectRecord key = change.tables().objects.get(Kind.API_KEY, id.value());
            drop(change, key, true);
            return key;
        });
    }

    /** Who holds a key. */
    record Owner(String type, String id, @Nullable OrganizationId organization) {}

    static Owner owner(OrganizationId organization) {
        return new Owner("organization", organization.value(), organization);
    }

    static Owner owner(UserId user, OrganizationId organization) {
        return new Owner("user", user.value(), organization);
    }

    Made create(Owner owner, String name, List<String> permissions) {
        String value = "sk_" + Secrets.random(random, 40);
        ObjectRecord made = world.change(change -> {
            if (owner.organization() != null) {
                Registry.organization(change.tables(), owner.organization());
            }
            String id = change.freshId(Kind.API_KEY.idPrefix());
            ObjectNode fields = Json.object();
            ObjectNode holder =
                    fields.putObject("owner").put("type", owner.type()).put("id", owner.id());
            if (owner.type().equals("user") && owner.organization() != null) {
                holder.put("organization_id", owner.organization().value());
            }
            fields.put("name", name)
                    .put("obfuscated_value", "sk_..." + value.substring(value.length() - 4))
                    .putNull("last_used_at")
                    .putNull("expires_at");
            ArrayNode array = fields.putArray("permissions");
            permissions.forEach(array::add);
            ObjectRecord key = change.keep(
                    Kind.API_KEY,
                    id,
                    Secrets.challengeOf(value),
                    List.of(owner.id()),
                    change.document("api_key", id, fields));
            change.emit("api_key.created", Json.objectOf(key.json()), organization(key));
            return key;
        });
        return new Made(new DoubleId.ApiKey(made.id()), value);
    }

    /** Notes the use, silently. */
    Optional<ObjectRecord> validate(String value) {
        return world.change(change -> change.tables()
                .objects
                .byAlias(Kind.API_KEY, Secrets.challengeOf(value))
                .map(key -> change.keep(
                        key.kind(),
                        key.id(),
                        key.alias(),
                        key.owners(),
                        Json.objectOf(key.json()).put("last_used_at", Json.instant(change.at())))));
    }

    static void drop(Change change, ObjectRecord key, boolean told) {
        change.discard(key);
        if (told) {
            change.emit("api_key.revoked", Json.objectOf(key.json()), organization(key));
        }
    }

    private static @Nullable OrganizationId organization(ObjectRecord key) {
        ObjectNode owner = (ObjectNode) Json.objectOf(key.json()).get("owner");
        String id = owner.get("type").asString().equals("organization")
                ? owner.get("id").asString()
                : owner.path("organization_id").asString("");
        return id.isEmpty() ? null : new OrganizationId(id);
    }
}
