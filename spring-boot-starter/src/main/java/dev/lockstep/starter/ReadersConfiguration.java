package dev.lockstep.starter;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditChain;
import dev.lockstep.audit.AuditKey;
import dev.lockstep.audit.FeedAudit;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.notify.Channel;
import dev.lockstep.notify.Delivery;
import dev.lockstep.notify.DeliverySettings;
import dev.lockstep.notify.FeedNotices;
import dev.lockstep.notify.NoticeSettings;
import dev.lockstep.notify.Notifications;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.DurableReader;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.Pruner;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.tail.EventsTail;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Everything that follows the feed, and the one place that starts and stops threads. */
@Configuration(proxyBeanMethods = false)
class ReadersConfiguration {

    /** Without a key nothing is chained; a chain that anybody could forge would be worse than none. */
    @Bean
    @ConditionalOnProperty("lockstep.audit.key")
    AuditChain auditChain(LockstepProperties properties) {
        String key = Objects.requireNonNull(properties.audit().key());
        return new AuditChain(new AuditKey(key.getBytes(StandardCharsets.UTF_8)));
    }

    @Bean
    @ConditionalOnProperty("lockstep.audit.key")
    Audit audit(AuditChain chain) {
        return new Audit(chain);
    }

    @Bean(destroyMethod = "")
    @ConditionalOnProperty("lockstep.audit.key")
    DurableReader auditReader(AuditChain chain, Database database) {
        return new FeedAudit(chain).reader(database);
    }

    @Bean
    @ConditionalOnMissingBean
    Notifications notifications() {
        return new Notifications();
    }

    @Bean(destroyMethod = "")
    DurableReader noticesReader(Notifications notifications, Database database) {
        return new FeedNotices(notifications, NoticeSettings.defaults()).reader(database);
    }

    /** Takes messages to the channels that the application declares as beans. */
    @Bean(initMethod = "start", destroyMethod = "close")
    Delivery notificationDelivery(Database database, Notifications notifications, ObjectProvider<Channel> channels) {
        return new Delivery(database, notifications, channels.orderedStream().toList(), DeliverySettings.defaults());
    }

    @Bean
    Rooms lockstepRooms(
            Rooms.Threads threads,
            ObjectProvider<DurableReader> readers,
            Revocations revocations,
            LockstepProperties properties) {
        return new Rooms(
                threads,
                readers.orderedStream().toList(),
                new Rooms.Settings(properties.sync().enabled(), revocations));
    }

    @Bean
    Rooms.Threads lockstepThreads(
            FeedReader feed, Pruner pruner, LiveEngine live, HeldSnapshots held, InboxDrain drain, EventsTail tail) {
        return new Rooms.Threads(feed, pruner, live, held, drain, tail);
    }

    @Bean
    SocketsLeaveFirst lockstepSocketsLeaveFirst(LiveEngine live, LockstepProperties properties) {
        return new SocketsLeaveFirst(live, properties.live().drain());
    }
}
