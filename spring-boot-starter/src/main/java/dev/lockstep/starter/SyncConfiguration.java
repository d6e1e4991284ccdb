package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.projection.LoginProjection;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.WorkOsLoginLookup;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.tail.EventsTail;
import dev.lockstep.sync.tail.TailSettings;
import dev.lockstep.sync.tail.WorkOsEventSource;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** WorkOS into our tables: two mouths, one inbox, one drain, and what a sign-in brings along. */
@Configuration(proxyBeanMethods = false)
class SyncConfiguration {
    private static final String TAIL_LOST_ITS_PLACE = "WorkOS does not know the cursor of the Events tail any longer";

    @Bean
    Projector projector() {
        return new Projector();
    }

    @Bean(destroyMethod = "")
    InboxDrain inboxDrain(
            Database database,
            Projector projector,
            FeedReader feed,
            @Qualifier("lockstepTellings") Doorbell listeners,
            LockstepProperties properties) {
        DrainSettings defaults = DrainSettings.defaults();
        DrainSettings settings = new DrainSettings(
                properties.sync().workers(),
                defaults.batch(),
                defaults.backstop(),
                defaults.attempts(),
                defaults.firstDelay(),
                defaults.longestDelay());
        return new InboxDrain(database, projector, settings, new SecureRandom(), () -> {
            feed.ring();
            listeners.ring();
        });
    }

    /** A webhook is acknowledged even while queries and mutations hold every other connection. */
    @Bean
    ReservedPool inboxConnections(DataSource dataSource, Database migrated) {
        return ReservedPool.beside(dataSource, "lockstep-inbox", 2);
    }

    @Bean
    Inbox inbox(ReservedPool inboxConnections, InboxDrain drain) {
        return new Inbox(new Database(inboxConnections.connections()), new EventDecoder(), drain::signal);
    }

    @Bean(destroyMethod = "")
    EventsTail eventsTail(
            Database database, Inbox inbox, EventsApi events, LockstepProperties properties, InstantSource clock) {
        LockstepProperties.Sync sync = properties.sync();
        TailSettings defaults = TailSettings.defaults(environment(properties));
        TailSettings settings = new TailSettings(
                defaults.environment(),
                sync.pollInterval(),
                sync.lease(),
                sync.overlap(),
                defaults.sweepInterval(),
                defaults.holdBack(),
                defaults.retention());
        return new EventsTail(
                database,
                inbox,
                new WorkOsEventSource(events),
                settings,
                UUID.randomUUID(),
                clock,
                (tx, from) -> DriftLog.ask(tx, TAIL_LOST_ITS_PLACE));
    }

    @Bean
    Snapshots snapshots(Database database, FeedReader feed) {
        return new Snapshots(database, feed);
    }

    @Bean
    LoginProjection loginProjection(
            Database database,
            Snapshots snapshots,
            OrganizationsApi organizations,
            MembershipsApi memberships,
            InstantSource clock,
            FeedReader feed) {
        return new LoginProjection(
                database,
                snapshots,
                new WorkOsLoginLookup(organizations, memberships),
                lookup -> Thread.ofVirtual().name("lockstep-login-lookup").start(lookup),
                clock,
                feed);
    }

    /** The cursor and the lease belong to one WorkOS environment, which the client id names. */
    static String environment(LockstepProperties properties) {
        return Objects.requireNonNull(properties.workos().clientId());
    }
}
