package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether this node shows what the database holds: one that has not looked for a while says so and has no pages. */
final class LiveHealth implements HealthIndicator {
    private final LiveEngine live;

    LiveHealth(LiveEngine live) {
        this.live = live;
    }

    @Override
    public Health health() {
        return (live.isLive() ? Health.up() : Health.outOfService())
                .withDetail("sinceLookMillis", live.sinceLook().toMillis())
                .withDetail("sockets", live.openSockets())
                .build();
    }
}
