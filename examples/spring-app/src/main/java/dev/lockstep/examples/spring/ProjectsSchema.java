package dev.lockstep.examples.spring;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.stereotype.Component;

/** The application's own migrations, numbered on their own and applied after Lockstep's. */
@Component
@DependsOn("lockstepDatabase")
class ProjectsSchema implements InitializingBean {
    private final DataSource dataSource;

    ProjectsSchema(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void afterPropertiesSet() {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/projects")
                .defaultSchema("app")
                .table("projects_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
