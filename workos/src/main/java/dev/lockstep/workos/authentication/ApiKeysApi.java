package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The keys that customers give to their programs. Safe for all threads; blocks and throws {@code WorkOsException}. */
public final class ApiKeysApi {
    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public ApiKeysApi(WorkOsClient client) {
        this.client = client;
    }

    /**
     * A key that WorkOS knows and accepts.
     *
     * @param id names the key; not the key itself
     * @param name as its owner calls it, or null
     * @param organizationId the organization it belongs to, or null
     * @param userId the person it belongs to, or null
     * @param permissions what it may do
     */
    public record ValidKey(
            String id,
            @Nullable String name,
            @Nullable OrganizationId organizationId,
            @Nullable UserId userId,
            Set<Permission> permissions) {
        public ValidKey {
            permissions = Set.copyOf(permissions);
        }
    }

    /**
     * Asks whether a key is good.
     *
     * @return empty only when WorkOS itself said that it is not
     */
    public Optional<ValidKey> validate(String key) {
        Call call = Call.post(
                "/api_keys/validations", JsonNodeFactory.instance.objectNode().put("value", key));
        return Lookup.require(client, call.asRepeatable(), ApiKeysApi::read);
    }

    private static Optional<ValidKey> read(JsonNode answer) {
        JsonNode key = answer.get("api_key");
        if (key == null) {
            throw new WorkOsException(new MalformedAnswer("the validation names no key, not even null"));
        }
        if (key.isNull()) {
            return Optional.empty();
        }
        String id = text(key.path("id"));
        if (id == null) {
            throw new WorkOsException(new MalformedAnswer("the validated key has no id"));
        }
        JsonNode owner = key.path("owner");
        boolean person = "user".equals(text(owner.path("type")));
        String organization = text(person ? owner.path("organization_id") : owner.path("id"));
        String user = person ? text(owner.path("id")) : null;
        Set<Permission> permissions = new LinkedHashSet<>();
        for (JsonNode permission : key.path("permissions")) {
            String slug = text(permission);
            if (slug != null) {
                permissions.add(new Permission(slug));
            }
        }
        return Optional.of(new ValidKey(
                id,
                text(key.path("name")),
                organization == null ? null : new OrganizationId(organization),
                user == null ? null : new UserId(user),
                permissions));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }
}
