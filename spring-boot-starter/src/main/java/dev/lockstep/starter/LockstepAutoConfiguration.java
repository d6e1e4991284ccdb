package dev.lockstep.starter;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts the rooms together; each import wires one. Every bean gives way to one of the application's own. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(LockstepProperties.class)
@Import({
    StoreConfiguration.class,
    WorkOsConfiguration.class,
    SessionConfiguration.class,
    SyncConfiguration.class,
    FreshnessConfiguration.class,
    ReconcileConfiguration.class,
    dev.lockstep.starter.events.EventsConfiguration.class,
    PeopleConfiguration.class,
    FlagsConfiguration.class,
    LiveConfiguration.class,
    ReadersConfiguration.class,
    HealthConfiguration.class,
    HydrationConfiguration.class,
    dev.lockstep.starter.web.WebConfiguration.class,
    dev.lockstep.starter.socket.SocketConfiguration.class
})
public class LockstepAutoConfiguration {

    /** Refuses a wrong configuration before any bean is made, with all of its problems. */
    @Bean
    static BeanFactoryPostProcessor lockstepConfigurationCheck(ConfigurableEnvironment environment) {
        return factory -> {
            boolean databaseGiven = factory.getBeanNamesForType(javax.sql.DataSource.class, false, false).length > 0
                    && environment.getProperty("spring.datasource.url") == null
                    && !factory.containsBeanDefinition("dataSource");
            var problems = new ConfigurationCheck(environment, databaseGiven).problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationProblem(problems);
            }
        };
    }
}
