package dev.lockstep.server.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.store.Database;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.backfill.WorkOsObjects;
import dev.lockstep.sync.freshness.RateBudgets;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** WorkOS and the database for one verb that asks a lot of both. To be closed. */
final class WorkOsTarget implements AutoCloseable {
    private static final double BURST = 20;

    private final String environment;
    private final RateBudget budget;
    private final WorkOsClient client;
    private final HikariDataSource connections;
    private final DirectoryPace directories = new DirectoryPace(System::nanoTime);
    /** Null until {@link #noteBudgets}. */
    private @Nullable RateBudgets noted;

    private WorkOsTarget(String environment, RateBudget budget, WorkOsClient client, HikariDataSource connections) {
        this.environment = environment;
        this.budget = budget;
        this.client = client;
        this.connections = connections;
    }

    /**
     * Opens both.
     *
     * @param perSecond calls a second at most; a running server has a budget of its own beside it
     * @param lanes how many threads will use the database
     */
    static WorkOsTarget open(Target target, Priority priority, int perSecond, int lanes) {
        String environment = target.required("lockstep.workos.client-id", "workos.client-id");
        WorkOsSettings settings = WorkOsSettings.of(
                        new ApiKey(target.required("lockstep.workos.api-key", "workos.api-key")), environment)
                .withBaseUrl(URI.create(target.optional("lockstep.workos.api-base-url", "workos.url")
                        .orElse("https://api.workos.com")));
        RateBudget budget = new RateBudget(perSecond, Math.min(BURST, perSecond), System::nanoTime);
        WorkOsClient client = WorkOsClient.open(settings, budget, InstantSource.system(), new SecureRandom())
                .at(priority);
        HikariDataSource connections = new HikariDataSource();
        connections.setDataSource(target.source());
        connections.setMaximumPoolSize(lanes + 2);
        connections.setPoolName("lockstep-cli");
        return new WorkOsTarget(environment, budget, client, connections);
    }

    /** The kinds behind words such as {@code users} or {@code directory-groups}, with what they are listed within. */
    static Set<Mirrored> kinds(List<String> words) {
        EnumSet<Mirrored> kinds = EnumSet.noneOf(Mirrored.class);
        for (String word : words) {
            String plain = word.strip().toLowerCase(Locale.ROOT).replace('-', '_');
            Mirrored kind = Arrays.stream(Mirrored.values())
                    .filter(each -> each.word().equals(plain)
                            || each.name().toLowerCase(Locale.ROOT).equals(plain))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no kind of object called '" + word + "'; the kinds are "
                                    + String.join(
                                            ", ",
                                            Arrays.stream(Mirrored.values())
                                                    .map(Mirrored::word)
                                                    .toList())));
            for (Mirrored each = kind.carrier(); each != null; each = each.within()) {
                kinds.add(each);
            }
        }
        return kinds.isEmpty() ? EnumSet.allOf(Mirrored.class) : kinds;
    }

    Database database() {
        return new Database(connections);
    }

    WorkOsObjects objects(Set<Mirrored> kinds) {
        return new WorkOsObjects(client, kinds, directories);
    }

    /**
     * Writes the rate budgets down for {@code status}, until this is closed; once.
     *
     * @param verb what this process does
     */
    void noteBudgets(String verb) {
        noted = new RateBudgets(database(), UUID.randomUUID(), verb, () -> {
            Map<String, RateBudget> budgets = new HashMap<>(directories.budgets());
            budgets.put(RateBudgets.ENVIRONMENT, budget);
            return budgets;
        });
        noted.start();
    }

    WorkOsClient client() {
        return client;
    }

    RateBudget budget() {
        return budget;
    }

    /** The name under which the Events tail of this environment runs. */
    String environment() {
        return environment;
    }

    @Override
    public void close() {
        if (noted != null) {
            noted.close();
        }
        client.close();
        connections.close();
    }
}
