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
import dev.lockstep.store.feed.HeldSnapshots;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The live room: built-in functions, those of the application, and the tokens that sockets may show. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {
    private static final Duration SNAPSHOT_HOLD = Duration.ofSeconds(30);

    @Bean
    FunctionTimes lockstepFunctionTimes(ObjectProvider<ErrorTracker> tracker) {
        return new FunctionTimes(tracker.getIfAvailable(() -> ErrorTracker.NONE));
    }

    /** Gathers the functions of every {@link LiveFunctionSource} and every annotated method of the application. */
    @Bean
    @ConditionalOnMissingBean
    LiveFunctions liveFunctions(
            ObjectProvider<LiveFunctionSource> sources,
            ConfigurableListableBeanFactory beans,
            FunctionTimes times,
            LockstepProperties properties) {
        LiveFunctions.Builder functions = LiveFunctions.builder().observedBy(times);
        BuiltInFunctions.register(functions);
        sources.orderedStream().forEach(source -> source.addTo(functions));
        AnnotatedBeans.addTo(functions, beans);
        List<byte[]> secrets = properties.session().passwords().stream()
                .map(password -> password.getBytes(StandardCharsets.UTF_8))
                .toList();
        return secrets.isEmpty()
                ? functions.build()
                : functions.cursorSecrets(secrets).build();
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

    /** The application's own connections are never held: where its pool cannot be copied, nothing is. */
    @Bean
    ReservedPool snapshotConnections(DataSource dataSource, Database migrated, LockstepProperties properties) {
        return ReservedPool.onDemand(
                dataSource, "lockstep-snapshots", properties.live().heldSnapshots() + 1);
    }

    /** Made, not started, see {@link Rooms}. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    HeldSnapshots lockstepHeldSnapshots(
            ReservedPool snapshotConnections, LockstepProperties properties, InstantSource clock) {
        int most = snapshotConnections.isOwn() ? properties.live().heldSnapshots() : 0;
        return new HeldSnapshots(
                snapshotConnections.connections(), new HeldSnapshots.Settings(most, SNAPSHOT_HOLD), clock);
    }

    private static LiveSettings settings(LockstepProperties.Live live) {
        return LiveSettings.DEFAULTS
                .withCrowd(LiveSettings.Crowd.DEFAULTS.withSockets(live.maxSockets(), live.maxSocketsPerSession()))
                .withActionTimeout(live.actionTimeout());
    }
}
