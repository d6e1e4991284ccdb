package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.sync.freshness.AskedMemberships;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.MirroredMemberships;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.freshness.StalenessGate;
import dev.lockstep.sync.freshness.WriteThrough;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.WorkOsLoginLookup;
import dev.lockstep.workos.Timeouts;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How far the mirror has come, who may wait for it, and whether it may decide about rights. */
@Configuration(proxyBeanMethods = false)
class FreshnessConfiguration {

    /** Closed by {@link FreshnessFollowsTheFeed}, before the web server waits for its requests. */
    @Bean(destroyMethod = "")
    Freshness freshness(Database database, LockstepProperties properties) {
        return new Freshness(
                database,
                SyncConfiguration.environment(properties),
                properties.freshness().maxWaiters());
    }

    @Bean
    FreshnessFollowsTheFeed lockstepFreshnessFollowsTheFeed(FeedReader feed, Freshness freshness, FeedWatch watch) {
        return new FreshnessFollowsTheFeed(feed, freshness, watch);
    }

    @Bean
    StalenessGate stalenessGate(Database database, LockstepProperties properties) {
        return new StalenessGate(database, properties.freshness().maxStaleness(), System::nanoTime);
    }

    @Bean
    AskedMemberships askedMemberships(
            WorkOsClient client, Snapshots snapshots, LockstepProperties properties, InstantSource clock) {
        Duration patience = properties.freshness().askTimeout();
        WorkOsClient hasty = client.within(new Timeouts(patience, patience, patience));
        WorkOsLoginLookup lookup = new WorkOsLoginLookup(new OrganizationsApi(hasty), new MembershipsApi(hasty));
        return new AskedMemberships(
                lookup::memberships, snapshots, properties.freshness().maxStaleness(), clock, System::nanoTime);
    }

    @Bean
    RightsGate rightsGate(
            StalenessGate gate, Database database, AskedMemberships asked, LockstepProperties properties) {
        return new RightsGate(
                gate,
                new MirroredMemberships(database),
                asked,
                properties.freshness().whenStale());
    }

    @Bean
    WriteThrough writeThrough(Snapshots snapshots, InstantSource clock) {
        return new WriteThrough(snapshots, clock);
    }
}
