package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.store.feed.Pruner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database, its schema, and this node's reader of the change feed. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    @ConditionalOnMissingBean
    InstantSource lockstepClock() {
        return InstantSource.system();
    }

    /** Static, so that it is there before any pool. */
    @Bean
    static StatedIsolation lockstepStatedIsolation() {
        return new StatedIsolation();
    }

    /** The schema is there before anybody can hold the database. */
    @Bean
    @ConditionalOnMissingBean
    Database lockstepDatabase(DataSource dataSource, LockstepProperties properties) {
        if (properties.store().requireDurable()) {
            Migrations.requireDurable(dataSource);
        }
        Migrations.migrate(dataSource);
        return new Database(dataSource);
    }

    @Bean
    ReservedPool feedConnections(DataSource dataSource, Database migrated) {
        return ReservedPool.forFeed(dataSource);
    }

    /** Made, not started: the listeners join first, see {@link Rooms}. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    FeedReader lockstepFeed(ReservedPool feedConnections, LockstepProperties properties) {
        FeedSettings defaults = FeedSettings.defaults();
        Duration poll = properties.live().pollInterval();
        return new FeedReader(
                feedConnections.connections(),
                UUID.randomUUID(),
                new FeedSettings(poll, defaults.spacing(), defaults.heartbeat()));
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    Pruner lockstepPruner(Database database) {
        return new Pruner(database, Pruner.Settings.defaults());
    }
}
