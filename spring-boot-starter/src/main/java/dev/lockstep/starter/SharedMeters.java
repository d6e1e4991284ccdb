package dev.lockstep.starter;

import dev.lockstep.starter.MirrorLook.Found;
import dev.lockstep.sync.freshness.MirrorStatus;
import dev.lockstep.sync.inbox.Source;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The meters that are read from the database and are the same on every node; the age of the last poll is the first one
 * to watch. While the database cannot be asked they are not a number.
 */
final class SharedMeters implements MeterBinder {
    private static final String SECONDS = "seconds";
    private static final String EVENTS = "events";

    private final MirrorLook look;

    SharedMeters(MirrorLook look) {
        this.look = look;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.sync.poll.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(status.mirror().tail().pollAge()));
        gauge(
                registry,
                "lockstep.sync.lag",
                SECONDS,
                Tags.empty(),
                status -> seconds(status.mirror().lag()));
        gauge(
                registry,
                "lockstep.sync.rights.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(status.mirror().rightsAge()));
        gauge(
                registry,
                "lockstep.sync.cursor.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(status.mirror().tail().cursorAge()));
        for (Source source : Source.values()) {
            gauge(
                    registry,
                    "lockstep.sync.apply.lag",
                    SECONDS,
                    Tags.of("source", source.column()),
                    status -> seconds(Optional.ofNullable(
                            status.mirror().inbox().applyLag().get(source.column()))));
        }
        inbox(registry);
        queues(registry);
        feed(registry);
        FunctionCounter.builder("lockstep.meters.failures", look, MirrorLook::failures)
                .baseUnit("looks")
                .description("looks at the database for these meters that failed")
                .register(registry);
    }

    private void inbox(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.inbox.pending",
                EVENTS,
                Tags.empty(),
                status -> status.mirror().inbox().unapplied());
        gauge(
                registry,
                "lockstep.inbox.oldest.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(Optional.of(status.mirror().inbox().oldestUnapplied())));
        for (MirrorStatus.State state : MirrorStatus.State.values()) {
            Tags tags = Tags.of(Tag.of("state", state.name().toLowerCase(Locale.ROOT)));
            gauge(
                    registry,
                    "lockstep.inbox.events",
                    EVENTS,
                    tags,
                    status -> status.mirror().inbox().of(state).events());
        }
        gauge(
                registry,
                "lockstep.dlq.size",
                EVENTS,
                Tags.empty(),
                status -> status.mirror().inbox().of(MirrorStatus.State.PARKED).events());
        gauge(
                registry,
                "lockstep.dlq.oldest.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(Optional.of(
                        status.mirror().inbox().of(MirrorStatus.State.PARKED).oldest())));
    }

    private void queues(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.refetch.waiting",
                "objects",
                Tags.empty(),
                status -> status.mirror().queues().refetch());
        gauge(
                registry,
                "lockstep.outbox.pending",
                "tellings",
                Tags.empty(),
                status -> status.mirror().queues().tellings());
        gauge(
                registry,
                "lockstep.outbox.parked",
                "tellings",
                Tags.empty(),
                status -> status.mirror().queues().parkedTellings());
    }

    private void feed(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.feed.readers.lag",
                SECONDS,
                Tags.empty(),
                status -> seconds(Optional.of(status.feed().slowest())));
        gauge(
                registry,
                "lockstep.feed.length",
                "changes",
                Tags.empty(),
                status -> status.feed().length());
        gauge(
                registry,
                "lockstep.feed.nodes",
                "nodes",
                Tags.empty(),
                status -> status.feed().nodes());
        gauge(
                registry,
                "lockstep.store.oldest.transaction.age",
                SECONDS,
                Tags.empty(),
                status -> seconds(Optional.of(status.feed().oldestTransaction())));
    }

    private void gauge(
            MeterRegistry registry, String name, String unit, Tags tags, ToDoubleFunction<Found.Status> value) {
        Gauge.builder(name, () -> switch (look.now()) {
                    case Found.Status status -> value.applyAsDouble(status);
                    case Found.Failure ignored -> Double.NaN;
                })
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private static double seconds(Optional<Duration> time) {
        return time.map(value -> value.toMillis() / 1000.0).orElse(Double.NaN);
    }
}
