package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.backfill.WorkOsObjects;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.RateBudgets;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Reconcile;
import dev.lockstep.sync.reconcile.ReconcileSchedule;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The mirror held against WorkOS again and again. */
@Configuration(proxyBeanMethods = false)
class ReconcileConfiguration {

    @Bean
    DriftLog driftLog(Database database) {
        return new DriftLog(database);
    }

    /** Shared by everything of this node that walks directories. */
    @Bean
    DirectoryPace directoryPace() {
        return new DirectoryPace(System::nanoTime);
    }

    @Bean(initMethod = "start")
    RateBudgets rateBudgets(Database database, WorkOsClient client, DirectoryPace directories) {
        return new RateBudgets(database, UUID.randomUUID(), "server", () -> {
            Map<String, RateBudget> budgets = new HashMap<>(directories.budgets());
            budgets.put(RateBudgets.ENVIRONMENT, client.budget());
            return budgets;
        });
    }

    @Bean
    Reconcile reconcile(
            Database database,
            WorkOsClient client,
            Freshness freshness,
            FeedReader feed,
            DirectoryPace directories,
            LockstepProperties properties) {
        Set<Mirrored> kinds = properties.reconcile().kinds().isEmpty()
                ? EnumSet.allOf(Mirrored.class)
                : EnumSet.copyOf(properties.reconcile().kinds());
        WorkOsObjects objects = new WorkOsObjects(client.at(Priority.RECONCILE), kinds, directories);
        Reconcile.Settings defaults = Reconcile.Settings.defaults();
        Reconcile.Settings settings =
                new Reconcile.Settings(properties.reconcile().lanes(), defaults.patience());
        return new Reconcile(database, objects, freshness, settings, feed);
    }

    @Bean(destroyMethod = "")
    ReconcileSchedule reconcileSchedule(Database database, Reconcile reconcile, LockstepProperties properties) {
        LockstepProperties.Reconcile settings = properties.reconcile();
        return new ReconcileSchedule(
                database,
                reconcile,
                ReconcileSchedule.Settings.of(settings.every(), settings.mode()),
                SyncConfiguration.environment(properties),
                UUID.randomUUID());
    }

    @Bean
    Room reconcileRoom(ReconcileSchedule schedule, LockstepProperties properties) {
        return new Room(
                schedule, properties.sync().enabled() && properties.reconcile().enabled());
    }

    /** Starts the comparison last and stops it first: it only looks at what the others do. */
    static final class Room implements SmartLifecycle {
        private final ReconcileSchedule schedule;
        private final boolean enabled;
        private volatile boolean running;

        Room(ReconcileSchedule schedule, boolean enabled) {
            this.schedule = schedule;
            this.enabled = enabled;
        }

        @Override
        public void start() {
            if (enabled) {
                schedule.start();
            }
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            schedule.close();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MAX_VALUE;
        }
    }
}
