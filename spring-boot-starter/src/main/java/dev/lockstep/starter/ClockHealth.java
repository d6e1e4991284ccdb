package dev.lockstep.starter;

import dev.lockstep.workos.ClockDrift;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether this machine's clock is near enough to WorkOS's to judge tokens. Degraded, never down: NTP mends it. */
final class ClockHealth implements HealthIndicator {
    private final ClockDrift drift;

    ClockHealth(ClockDrift drift) {
        this.drift = drift;
    }

    @Override
    public Health health() {
        Health.Builder health = drift.alarms()
                ? Health.status("DEGRADED")
                        .withDetail(
                                "worries",
                                java.util.List.of("this machine's clock is more than "
                                        + ClockDrift.ALARM.toSeconds()
                                        + " s from WorkOS's; good tokens may be refused, run NTP"))
                : Health.up();
        drift.last().ifPresent(apart -> health.withDetail("workOsAheadSeconds", apart.toMillis() / 1000.0));
        return health.build();
    }
}
