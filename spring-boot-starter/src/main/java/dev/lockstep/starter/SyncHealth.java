package dev.lockstep.starter;

import dev.lockstep.sync.freshness.Freshness;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;

/**
 * How fresh the mirror is. A lagging mirror is degraded, not down: taking a whole fleet out because it lags would help
 * nobody. Only a database that does not answer is down.
 */
final class SyncHealth implements HealthIndicator {
    private static final int LATE_POLLS = 12;

    private final Freshness freshness;
    private final Duration tooOld;

    SyncHealth(Freshness freshness, Duration pollInterval) {
        this.freshness = freshness;
        this.tooOld = pollInterval.multipliedBy(LATE_POLLS);
    }

    @Override
    public Health health() {
        Freshness.Report report;
        try {
            report = freshness.report();
        } catch (DataAccessException e) {
            return Health.down()
                    .withDetail("cause", e.getClass().getSimpleName())
                    .build();
        }
        boolean polled =
                report.pollAge().filter(age -> age.compareTo(tooOld) < 0).isPresent();
        Health.Builder health = polled ? Health.up() : Health.status("DEGRADED");
        report.pollAge().ifPresent(age -> health.withDetail("pollAgeSeconds", age.toSeconds()));
        report.watermark()
                .appliedThrough()
                .ifPresent(through -> health.withDetail("appliedThrough", through.toString()));
        return health.withDetail("inboxWaiting", report.depth().unapplied())
                .withDetail("parked", report.depth().parked())
                .build();
    }
}
