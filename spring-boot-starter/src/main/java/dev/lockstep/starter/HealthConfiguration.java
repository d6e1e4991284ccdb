package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.reconcile.DriftLog;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators look at: how fresh the mirror is, as a health detail and as meters. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Health {
        @Bean
        HealthIndicator lockstepSyncHealth(Freshness freshness, LockstepProperties properties) {
            return new SyncHealth(freshness, properties.sync().pollInterval());
        }

        @Bean
        HealthIndicator lockstepReconcileHealth(DriftLog log) {
            return new ReconcileHealth(log);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Meters {
        @Bean
        FreshnessMeters lockstepMeters(Freshness freshness, LiveEngine live, java.time.InstantSource clock) {
            return new FreshnessMeters(freshness, live, clock);
        }

        @Bean
        ReconcileMeters lockstepReconcileMeters(DriftLog log) {
            return new ReconcileMeters(log);
        }
    }
}
