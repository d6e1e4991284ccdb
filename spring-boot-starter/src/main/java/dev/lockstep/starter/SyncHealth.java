package dev.lockstep.starter;

import dev.lockstep.starter.MirrorLook.Found;
import dev.lockstep.sync.freshness.MirrorStatus;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * How fresh the mirror is, in words. A lagging mirror is degraded, not down: the mirror is shared, so every node lags
 * alike, and taking a whole fleet out would help nobody. Only a database that does not answer is down.
 */
final class SyncHealth implements HealthIndicator {
    private final MirrorLook look;
    private final MirrorJudge judge;

    SyncHealth(MirrorLook look, MirrorJudge judge) {
        this.look = look;
        this.judge = judge;
    }

    @Override
    public Health health() {
        return switch (look.now()) {
            case Found.Failure(String cause) ->
                Health.down().withDetail("cause", cause).build();
            case Found.Status status -> health(status);
        };
    }

    private Health health(Found.Status status) {
        List<String> worries = judge.worries(status.mirror(), status.feed());
        Health.Builder health = worries.isEmpty() ? Health.up() : Health.status("DEGRADED");
        MirrorStatus mirror = status.mirror();
        if (!worries.isEmpty()) {
            health.withDetail("worries", worries);
        }
        mirror.tail().pollAge().ifPresent(age -> health.withDetail("pollAgeSeconds", age.toSeconds()));
        mirror.appliedThrough().ifPresent(through -> health.withDetail("appliedThrough", through.toString()));
        mirror.lag().ifPresent(age -> health.withDetail("lagSeconds", age.toSeconds()));
        mirror.rightsAge().ifPresent(age -> health.withDetail("rightsAgeSeconds", age.toSeconds()));
        mirror.tail().holder().ifPresent(holder -> health.withDetail("tailHolder", holder));
        return health.withDetail("inboxWaiting", mirror.inbox().unapplied())
                .withDetail("inboxOldestSeconds", seconds(mirror.inbox().oldestUnapplied()))
                .withDetail(
                        "parked", mirror.inbox().of(MirrorStatus.State.PARKED).events())
                .withDetail("feedReadersBehindSeconds", seconds(status.feed().slowest()))
                .build();
    }

    private static long seconds(Duration time) {
        return time.toSeconds();
    }
}
