package dev.lockstep.starter;

import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Verdict;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;

/**
 * What the last comparison with WorkOS found. Drift that was not repaired degrades, and so does a comparison that is
 * wanted and not done; neither takes a node out of service.
 */
final class ReconcileHealth implements HealthIndicator {
    private final DriftLog log;

    ReconcileHealth(DriftLog log) {
        this.log = log;
    }

    @Override
    public Health health() {
        Optional<Verdict> last;
        Optional<String> wanted;
        try {
            last = log.last();
            wanted = log.wanted();
        } catch (DataAccessException e) {
            return Health.down()
                    .withDetail("cause", e.getClass().getSimpleName())
                    .build();
        }
        boolean sound = wanted.isEmpty() && last.map(Verdict::isSound).orElse(true);
        Health.Builder health = sound ? Health.up() : Health.status("DEGRADED");
        wanted.ifPresent(reason -> health.withDetail("wanted", reason));
        last.ifPresent(
                verdict -> health.withDetail("comparedAt", verdict.finishedAt().toString())
                        .withDetail("objects", verdict.seen())
                        .withDetail("drift", verdict.drift())
                        .withDetail("repaired", verdict.repaired())
                        .withDetail("notCompared", verdict.failed())
                        .withDetail("lists", verdict.lists())
                        .withDetail("listsExact", verdict.listsExact()));
        return health.build();
    }
}
