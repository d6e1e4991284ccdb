package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The feature flags of an environment with their targets. It fetches and does not keep. Safe for all threads; blocks
 * and throws {@code WorkOsException}.
 */
public final class FeatureFlagsApi {
    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public FeatureFlagsApi(WorkOsClient client) {
        this.client = client;
    }

    /**
     * One flag.
     *
     * @param enabled whether it is on for anybody at all
     * @param byDefault whether it is on for those who are no target
     * @param users for whom it is on
     * @param organizations for which organizations it is on
     */
    public record Flag(boolean enabled, boolean byDefault, Set<String> users, Set<String> organizations) {
        public Flag {
            users = Set.copyOf(users);
            organizations = Set.copyOf(organizations);
        }

        /** Returns whether the flag is on for somebody; null stands for nobody in particular. */
        public boolean isOnFor(@Nullable UserId user, @Nullable OrganizationId organization) {
            return enabled
                    && (byDefault
                            || (user != null && users.contains(user.value()))
                            || (organization != null && organizations.contains(organization.value())));
        }
    }

    /** Returns every flag by its slug. */
    public Map<String, Flag> all() {
        return Lookup.require(client, Call.get("/sdk/feature-flags"), FeatureFlagsApi::read);
    }

    private static Map<String, Flag> read(JsonNode answer) {
        Map<String, Flag> flags = new HashMap<>();
        answer.propertyStream().forEach(property -> flags.put(property.getKey(), flag(property.getValue())));
        return Map.copyOf(flags);
    }

    private static Flag flag(JsonNode flag) {
        JsonNode targets = flag.path("targets");
        return new Flag(
                flag.path("enabled").asBoolean(false),
                flag.path("default_value").asBoolean(false),
                ids(targets.path("users")),
                ids(targets.path("organizations")));
    }

    private static Set<String> ids(JsonNode targets) {
        Set<String> ids = new HashSet<>();
        for (JsonNode target : targets) {
            if (target.path("enabled").asBoolean(false) && target.path("id").isString()) {
                ids.add(target.path("id").stringValue());
            }
        }
        return ids;
    }
}
