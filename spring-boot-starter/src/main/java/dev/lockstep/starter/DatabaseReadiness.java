package dev.lockstep.starter;

import dev.lockstep.store.Database;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;

/**
 * Whether this node can work at all: the database answers and takes writes. It says nothing of how fresh the mirror is,
 * on purpose; it is what a readiness group may ask.
 */
final class DatabaseReadiness implements HealthIndicator {
    private static final String READ_ONLY =
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'";

    private final Database database;

    DatabaseReadiness(Database database) {
        this.database = database;
    }

    @Override
    public Health health() {
        try {
            boolean readOnly =
                    database.read(tx -> tx.sql(READ_ONLY).query(Boolean.class).single());
            return readOnly
                    ? Health.outOfService()
                            .withDetail("cause", "the database takes no writes")
                            .build()
                    : Health.up().build();
        } catch (DataAccessException e) {
            return Health.down()
                    .withDetail("cause", e.getClass().getSimpleName())
                    .build();
        }
    }
}
