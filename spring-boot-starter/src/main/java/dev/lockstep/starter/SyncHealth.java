package dev.lockstep.starter;

import dev.lockstep.starter.MirrorLook.Found;
import dev.lockstep.sync.freshness.MirrorStatus;
import dev.lockstep.workos.RateBudget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * How fresh the mirror is, in words. A lagging mirror is degraded, not down: the mirror is shared, so every node lags
 * alike, and taking a whole fleet out would help nobody. Only a database that does not answer is down.
 */
final class SyncHealth implements HealthIndicator {
    private final MirrorLook look;
    private final MirrorJudge judge;
    private final RateBudget budget;

    /** @param budget of this node's calls to WorkOS */
    SyncHealth(MirrorLook look, MirrorJudge judge, RateBudget budget) {
        this.look = look;
        this.judge = judge;
        this.budget = budget;
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
                .withDetail("workOsBudget", budget())
                .build();
    }

    /** Of this node alone; {@code lockstep status} shows those of all processes. */
    private Map<String, Object> budget() {
        RateBudget.Standing now = budget.standing();
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("perSecond", now.perSecond());
        words.put("left", Math.floor(now.left()));
        words.put("used", now.used());
        words.put("waiting", now.waiting());
        if (now.refusal() != null) {
            words.put("refusedSecondsAgo", now.refusal().ago().toSeconds());
            words.put("retryAfterSeconds", now.refusal().retryAfter().toMillis() / 1000.0);
        }
        return words;
    }

    private static long seconds(Duration time) {
        return time.toSeconds();
    }
}
