package dev.lockstep.starter.events;

import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.store.Database;
import dev.lockstep.sync.inbox.Parked;
import dev.lockstep.sync.inbox.Replay;
import dev.lockstep.sync.inbox.Retention;
import dev.lockstep.sync.outbox.ParkedTellings;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the application hears of the mirror, and what an operator does about events. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

    /** Rung by the drain; tells the application's listeners. */
    @Bean
    Tellings lockstepTellings(ListableBeanFactory beans, Database database, LockstepProperties properties) {
        return new Tellings(beans, database, properties.sync().enabled());
    }

    @Bean
    Parked parkedEvents(Database database) {
        return new Parked(database);
    }

    @Bean
    ParkedTellings parkedTellings(Database database) {
        return new ParkedTellings(database);
    }

    @Bean
    Replay replay(Database database) {
        return new Replay(database);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnProperty(name = "lockstep.sync.enabled", matchIfMissing = true)
    Retention inboxRetention(Database database, LockstepProperties properties) {
        LockstepProperties.Sync sync = properties.sync();
        return new Retention(database, new Retention.Settings(sync.keepEvents(), sync.keepEventIds()));
    }
}
