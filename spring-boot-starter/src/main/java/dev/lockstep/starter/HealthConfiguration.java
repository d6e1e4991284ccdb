package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.workos.WorkOsClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators look at: how fresh the mirror is and what the node does, as health details and as meters. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    @Bean
    Signals lockstepSignals() {
        return new Signals();
    }

    @Bean
    MirrorLook lockstepMirrorLook(Database database, LockstepProperties properties) {
        return new MirrorLook(database, SyncConfiguration.environment(properties), System::nanoTime);
    }

    @Bean
    FeedWatch lockstepFeedWatch(InstantSource clock) {
        return new FeedWatch(clock);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Health {
        @Bean
        HealthIndicator lockstepSyncHealthIndicator(
                MirrorLook look, LockstepProperties properties, WorkOsClient workOs) {
            return new SyncHealth(look, MirrorJudge.of(properties), workOs.budget());
        }

        @Bean
        HealthIndicator lockstepClockHealthIndicator(WorkOsClient workOs) {
            return new ClockHealth(workOs.drift());
        }

        @Bean
        HealthIndicator lockstepDatabaseHealthIndicator(Database database) {
            return new DatabaseReadiness(database);
        }

        @Bean
        HealthIndicator lockstepLiveHealthIndicator(LiveEngine live) {
            return new LiveHealth(live);
        }

        @Bean
        HealthIndicator lockstepReconcileHealth(DriftLog log) {
            return new ReconcileHealth(log);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Endpoint.class)
    static class Endpoints {
        @Bean
        LockstepEndpoint lockstepEndpoint(LiveEngine live, FunctionTimes functions) {
            return new LockstepEndpoint(live, functions);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Meters {
        @Bean
        SharedMeters lockstepSharedMeters(MirrorLook look) {
            return new SharedMeters(look);
        }

        @Bean
        NodeMeters lockstepNodeMeters(
                Signals signals,
                WorkOsClient workOs,
                DirectoryPace directories,
                Projector projector,
                InboxDrain drain,
                Freshness freshness,
                RightsGate rights,
                FeedWatch feed,
                LiveEngine live,
                HeldSnapshots held,
                FunctionTimes functions) {
            return new NodeMeters(
                    signals,
                    new NodeMeters.Parts(
                            workOs,
                            directories,
                            projector.tally(),
                            drain.tally(),
                            freshness,
                            rights,
                            feed,
                            live,
                            held,
                            functions));
        }

        @Bean
        ReconcileMeters lockstepReconcileMeters(DriftLog log) {
            return new ReconcileMeters(log);
        }
    }
}
