package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.feed.DurableReader;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.Pruner;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.tail.EventsTail;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Everything that follows the feed, and the one place that starts and stops threads. */
@Configuration(proxyBeanMethods = false)
class ReadersConfiguration {

    @Bean
    Rooms lockstepRooms(
            FeedReader feed,
            Pruner pruner,
            LiveEngine live,
            InboxDrain drain,
            EventsTail tail,
            ObjectProvider<DurableReader> readers,
            Revocations revocations,
            LockstepProperties properties) {
        return new Rooms(
                new Rooms.Threads(feed, pruner, live, drain, tail),
                readers.orderedStream().toList(),
                new Rooms.Settings(properties.sync().enabled(), revocations));
    }

    @Bean
    SocketsLeaveFirst lockstepSocketsLeaveFirst(LiveEngine live) {
        return new SocketsLeaveFirst(live);
    }
}
