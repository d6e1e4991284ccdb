package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.LiveSettings;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.starter.functions.BuiltInFunctions;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The live room: built-in functions, those of the application, and the tokens that sockets may show. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {

    /** Gathers the functions of every {@link LiveFunctionSource} in the application. */
    @Bean
    @ConditionalOnMissingBean
    LiveFunctions liveFunctions(ObjectProvider<LiveFunctionSource> sources) {
        LiveFunctions.Builder functions = LiveFunctions.builder();
        BuiltInFunctions.register(functions);
        sources.orderedStream().forEach(source -> source.addTo(functions));
        return functions.build();
    }

    @Bean
    @ConditionalOnMissingBean
    CallerAuthority callerAuthority(AccessTokenVerifier verifier, Revocations revocations) {
        return new TokenAuthority(verifier, revocations);
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    LiveEngine liveEngine(
            Database database,
            FeedReader feed,
            LiveFunctions functions,
            CallerAuthority authority,
            LockstepProperties properties,
            InstantSource clock) {
        return new LiveEngine(database, feed, functions, authority, settings(properties.live()), clock);
    }

    private static LiveSettings settings(LockstepProperties.Live live) {
        return LiveSettings.DEFAULTS.withCrowd(
                LiveSettings.Crowd.DEFAULTS.withSockets(live.maxSockets(), live.maxSocketsPerSession()));
    }
}
