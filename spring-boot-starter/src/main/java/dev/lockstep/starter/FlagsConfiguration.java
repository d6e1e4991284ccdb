package dev.lockstep.starter;

import dev.lockstep.workos.authentication.FeatureFlagsApi;
import dev.lockstep.workos.authentication.FlagWatch;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Feature flags that are asked for again and again; only for applications that want them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("lockstep.flags.enabled")
class FlagsConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean
    FlagWatch flagWatch(FeatureFlagsApi api, LockstepProperties properties, InstantSource clock) {
        return new FlagWatch(api, properties.flags().pollInterval(), clock);
    }
}
