package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.sync.freshness.Freshness;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Meters of sync and live; the age of the last poll is the first one to watch. One look at the database serves all. */
final class FreshnessMeters implements MeterBinder {
    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final Freshness freshness;
    private final LiveEngine live;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Freshness.@Nullable Report last;
    private Instant lookedAt = Instant.EPOCH;

    FreshnessMeters(Freshness freshness, LiveEngine live, InstantSource clock) {
        this.freshness = freshness;
        this.live = live;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.sync.poll.age",
                "seconds since the Events tail last reached the end",
                report -> report.pollAge().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN));
        gauge(
                registry,
                "lockstep.inbox.pending",
                "events stored and not yet applied",
                report -> report.depth().unapplied());
        gauge(
                registry,
                "lockstep.inbox.oldest.age",
                "seconds the oldest unapplied event has waited",
                report -> report.depth().oldestUnapplied().toMillis() / 1000.0);
        gauge(
                registry,
                "lockstep.dlq.size",
                "parked events",
                report -> report.depth().parked());
        Gauge.builder("lockstep.live.connections", live, LiveEngine::openSockets)
                .description("open sockets on this node")
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<Freshness.Report> value) {
        Gauge.builder(name, () -> {
                    Freshness.Report report = report();
                    return report == null ? Double.NaN : value.applyAsDouble(report);
                })
                .description(description)
                .register(registry);
    }

    private Freshness.@Nullable Report report() {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (last == null || lookedAt.plus(GOOD_FOR).isBefore(now)) {
                last = freshness.report();
                lookedAt = now;
            }
            return last;
        } catch (DataAccessException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }
}
