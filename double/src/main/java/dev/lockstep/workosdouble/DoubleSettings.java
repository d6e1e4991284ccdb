package dev.lockstep.workosdouble;

import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a double is set up; immutable, made by {@link #builder()}.
 *
 * @param port 0 takes a free one (and the same again after a restart from a folder, when it is still free)
 * @param folder where the journal lives, or null to keep everything in memory
 * @param clientId null to generate one (kept in the folder); likewise the API key and the webhook secret
 * @param tokenLife how long an access token is valid
 * @param redirectUris exact redirect URIs that are allowed; empty allows every loopback address
 * @param holdBack how long the Events API hides a new event, as production does
 * @param retention how long the Events API remembers
 * @param webhookRetries the wait before each retry of a webhook; after the last one it counts as failed
 * @param webhookTime which moment a retry's signature carries
 * @param permissions the roles of a new environment and what each may do; an unknown role may do nothing
 * @param cascades what is told when a user or an organization takes others along
 * @param inactiveUsers what becomes of a directory user whom the provider switches off
 * @param provisioning whether AuthKit makes users and managed memberships of directory users
 * @param rateLimited whether the documented limits are enforced, by the double's clock
 */
public record DoubleSettings(
        int port,
        @Nullable Path folder,
        InstantSource clock,
        RandomGenerator random,
        @Nullable String clientId,
        @Nullable String apiKey,
        @Nullable String webhookSecret,
        Duration tokenLife,
        List<URI> redirectUris,
        Duration holdBack,
        Duration retention,
        List<Duration> webhookRetries,
        WebhookTime webhookTime,
        Map<RoleSlug, List<Permission>> permissions,
        Cascades cascades,
        InactiveUsers inactiveUsers,
        boolean provisioning,
        boolean rateLimited) {

    /** Which moment the signature of a repeated webhook carries. */
    public enum WebhookTime {
        EACH_ATTEMPT,
        FIRST_ATTEMPT
    }

    /** Whether objects that go with their user or organization have events of their own. WorkOS does not document it. */
    public enum Cascades {
        TOLD,
        SILENT
    }

    /** What becomes of directory users who are switched off; environments from before 2023-10-19 keep them. */
    public enum InactiveUsers {
        DELETED,
        KEPT
    }

    public DoubleSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", it must be 0 to 65535");
        }
        if (!tokenLife.isPositive()) {
            throw new IllegalArgumentException("tokenLife is " + tokenLife + ", it must be positive");
        }
        if (holdBack.isNegative()) {
            throw new IllegalArgumentException("holdBack is " + holdBack + ", it must not be negative");
        }
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("retention is " + retention + ", it must be positive");
        }
        redirectUris = List.copyOf(redirectUris);
        webhookRetries = List.copyOf(webhookRetries);
        permissions = Map.copyOf(permissions);
    }

    /** In memory, on a free port, with the real clock and production-like times. */
    public static DoubleSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; what is not named keeps its default. Not thread-safe. */
    public static final class Builder {
        private int port;
        private @Nullable Path folder;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new SecureRandom();
        private @Nullable String clientId;
        private @Nullable String apiKey;
        private @Nullable String webhookSecret;
        private Duration tokenLife = Duration.ofMinutes(5);
        private List<URI> redirectUris = List.of();
        private Duration holdBack = Duration.ofSeconds(2);
        private Duration retention = Duration.ofDays(90);
        // Six retries over about three days, as WorkOS documents it.
        private List<Duration> webhookRetries = List.of(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(15),
                Duration.ofHours(2),
                Duration.ofHours(16),
                Duration.ofHours(54));
        private WebhookTime webhookTime = WebhookTime.EACH_ATTEMPT;
        private Map<RoleSlug, List<Permission>> permissions = DemoSeed.PERMISSIONS;

        private Cascades cascades = Cascades.TOLD;
        private InactiveUsers inactiveUsers = InactiveUsers.DELETED;
        private boolean provisioning;
        private boolean rateLimited;

        private Builder() {}

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder folder(Path value) {
            folder = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public Builder random(RandomGenerator value) {
            random = value;
            return this;
        }

        public Builder clientId(String value) {
            clientId = value;
            return this;
        }

        public Builder apiKey(String value) {
            apiKey = value;
            return this;
        }

        public Builder webhookSecret(String value) {
            webhookSecret = value;
            return this;
        }

        public Builder tokenLife(Duration value) {
            tokenLife = value;
            return this;
        }

        public Builder redirectUris(List<URI> value) {
            redirectUris = value;
            return this;
        }

        public Builder holdBack(Duration value) {
            holdBack = value;
            return this;
        }

        public Builder retention(Duration value) {
            retention = value;
            return this;
        }

        public Builder cascades(Cascades value) {
            cascades = value;
            return this;
        }

        public Builder inactiveUsers(InactiveUsers value) {
            inactiveUsers = value;
            return this;
        }

        public Builder provisioning(boolean value) {
            provisioning = value;
            return this;
        }

        public Builder rateLimited(boolean value) {
            rateLimited = value;
            return this;
        }

        public Builder webhookRetries(List<Duration> value) {
            webhookRetries = value;
            return this;
        }

        public Builder webhookTime(WebhookTime value) {
            webhookTime = value;
            return this;
        }

        public Builder permissions(Map<RoleSlug, List<Permission>> value) {
            permissions = value;
            return this;
        }

        public DoubleSettings build() {
            return new DoubleSettings(
                    port,
                    folder,
                    clock,
                    random,
                    clientId,
                    apiKey,
                    webhookSecret,
                    tokenLife,
                    redirectUris,
                    holdBack,
                    retention,
                    webhookRetries,
                    webhookTime,
                    permissions,
                    cascades,
                    inactiveUsers,
                    provisioning,
                    rateLimited);
        }
    }
}
