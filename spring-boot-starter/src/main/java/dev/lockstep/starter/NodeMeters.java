package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.function.FunctionObserver;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.work.EventTally;
import dev.lockstep.sync.work.MergeTally;
import dev.lockstep.workos.CallTally;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.RateBudget.Standing;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.webhook.WebhookVerdict;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The meters that this node counts by itself since its start. They cost the hot paths an addition. */
final class NodeMeters implements MeterBinder {
    private static final String OUTCOME = "outcome";

    private final Signals signals;
    private final Parts parts;

    /** Whom it asks. */
    record Parts(
            WorkOsClient workOs,
            DirectoryPace directories,
            MergeTally merges,
            EventTally events,
            Freshness freshness,
            RightsGate rights,
            FeedWatch feed,
            LiveEngine live,
            HeldSnapshots held,
            FunctionTimes functions) {}

    NodeMeters(Signals signals, Parts parts) {
        this.signals = signals;
        this.parts = parts;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counters(
                registry,
                "lockstep.webhook.received",
                "deliveries",
                OUTCOME,
                Signals.Webhook.class,
                kind -> signals.webhooks().of(kind));
        counters(
                registry,
                "lockstep.webhook.rejected",
                "deliveries",
                "reason",
                WebhookVerdict.Reason.class,
                kind -> signals.rejections().of(kind));
        counters(
                registry,
                "lockstep.auth.login",
                "logins",
                OUTCOME,
                Signals.SignIn.class,
                kind -> signals.signIns().of(kind));
        counters(
                registry,
                "lockstep.auth.login.method",
                "logins",
                "method",
                Signals.Method.class,
                kind -> signals.methods().of(kind));
        counters(
                registry,
                "lockstep.auth.session",
                "requests",
                OUTCOME,
                Signals.Session.class,
                kind -> signals.sessions().of(kind));
        counters(
                registry,
                "lockstep.workos.calls",
                "calls",
                OUTCOME,
                CallTally.End.class,
                kind -> parts.workOs().calls().count(kind));
        budget(registry);
        merges(registry);
        counters(
                registry,
                "lockstep.sync.events",
                "events",
                OUTCOME,
                EventTally.End.class,
                end -> parts.events().of(end));
        Gauge.builder("lockstep.clock.skew", parts.workOs(), NodeMeters::skewSeconds)
                .baseUnit("seconds")
                .register(registry);
        rights(registry);
        Gauge.builder("lockstep.freshness.waiting", parts.freshness(), Freshness::waiting)
                .baseUnit("callers")
                .register(registry);
        feed(registry);
        Gauge.builder("lockstep.live.connections", parts.live(), LiveEngine::openSockets)
                .baseUnit("sockets")
                .register(registry);
        live(registry);
        functions(registry);
    }

    private void merges(MeterRegistry registry) {
        MergeTally merges = parts.merges();
        for (String kind : merges.kinds()) {
            for (MergeTally.Outcome outcome : MergeTally.Outcome.values()) {
                FunctionCounter.builder("lockstep.sync.merged", merges, tally -> tally.of(kind, outcome))
                        .baseUnit("events")
                        .tag("kind", kind)
                        .tag(OUTCOME, outcome.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    private void budget(MeterRegistry registry) {
        budget(registry, "lockstep.workos.budget.rate", "calls/s", Standing::perSecond);
        budget(registry, "lockstep.workos.budget.left", "calls", Standing::left);
        budget(registry, "lockstep.workos.budget.waiting", "calls", Standing::waiting);
        budget(registry, "lockstep.workos.budget.refused.age", "seconds", now -> refusal(now, RateBudget.Refusal::ago));
        budget(
                registry,
                "lockstep.workos.budget.retry.after",
                "seconds",
                now -> refusal(now, RateBudget.Refusal::retryAfter));
        Gauge.builder("lockstep.workos.directories.waiting", parts.directories(), NodeMeters::waiting)
                .baseUnit("calls")
                .register(registry);
    }

    private void budget(MeterRegistry registry, String name, String unit, ToDoubleFunction<Standing> value) {
        Gauge.builder(
                        name,
                        parts.workOs(),
                        client -> value.applyAsDouble(client.budget().standing()))
                .baseUnit(unit)
                .register(registry);
    }

    /** Not a number while WorkOS never refused a call for coming too soon. */
    private static double refusal(Standing now, Function<RateBudget.Refusal, Duration> time) {
        RateBudget.Refusal refusal = now.refusal();
        return refusal == null ? Double.NaN : time.apply(refusal).toMillis() / 1000.0;
    }

    /** In the queues of all directories together. */
    private static double waiting(DirectoryPace directories) {
        return directories.budgets().values().stream()
                .mapToInt(RateBudget::waiting)
                .sum();
    }

    private void live(MeterRegistry registry) {
        Gauge.builder(
                        "lockstep.live.silence",
                        parts.live(),
                        live -> live.sinceLook().toMillis() / 1000.0)
                .baseUnit("seconds")
                .register(registry);
        FunctionCounter.builder("lockstep.live.refused", parts.live(), LiveEngine::socketsRefused)
                .baseUnit("sockets")
                .register(registry);
        FunctionCounter.builder("lockstep.live.sent.away", parts.live(), LiveEngine::timesSentAway)
                .baseUnit("times")
                .register(registry);
        Gauge.builder("lockstep.live.snapshots", parts.held(), HeldSnapshots::open)
                .baseUnit("snapshots")
                .register(registry);
        FunctionCounter.builder("lockstep.live.snapshots.refused", parts.held(), HeldSnapshots::refused)
                .baseUnit("snapshots")
                .register(registry);
    }

    private void functions(MeterRegistry registry) {
        for (LiveFunctions.Kind kind : LiveFunctions.Kind.values()) {
            String label = kind.name().toLowerCase(Locale.ROOT);
            for (FunctionObserver.End end : FunctionObserver.End.values()) {
                FunctionCounter.builder("lockstep.live.runs", parts.functions(), times -> times.runs(kind, end))
                        .baseUnit("runs")
                        .tag("kind", label)
                        .tag(OUTCOME, end.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
            FunctionCounter.builder("lockstep.live.run.time", parts.functions(), times -> times.seconds(kind))
                    .baseUnit("seconds")
                    .tag("kind", label)
                    .register(registry);
        }
    }

    /** WorkOS's time minus ours; not a number before the first answer. */
    private static double skewSeconds(WorkOsClient client) {
        return client.drift().last().map(apart -> apart.toMillis() / 1000.0).orElse(Double.NaN);
    }

    private void rights(MeterRegistry registry) {
        counter(registry, "mirror", RightsGate.Decisions::mirror);
        counter(registry, "workos", RightsGate.Decisions::workOs);
        counter(registry, "nobody", RightsGate.Decisions::unverifiable);
    }

    private void counter(MeterRegistry registry, String by, ToLongFunction<RightsGate.Decisions> count) {
        FunctionCounter.builder("lockstep.rights.decided", parts.rights(), gate -> count.applyAsLong(gate.decisions()))
                .baseUnit("decisions")
                .tag("by", by)
                .register(registry);
    }

    private void feed(MeterRegistry registry) {
        Gauge.builder("lockstep.feed.lag", parts.feed(), FeedWatch::lagSeconds)
                .baseUnit("seconds")
                .register(registry);
        counters(registry, "lockstep.feed.changes", "changes", "schema", FeedWatch.Schema.class, parts.feed()::changes);
        FunctionCounter.builder("lockstep.feed.gaps", parts.feed(), FeedWatch::gaps)
                .baseUnit("gaps")
                .register(registry);
    }

    private <E extends Enum<E>> void counters(
            MeterRegistry registry, String name, String unit, String tag, Class<E> kinds, ToLongFunction<E> count) {
        for (E kind : kinds.getEnumConstants()) {
            FunctionCounter.builder(name, kind, count::applyAsLong)
                    .baseUnit(unit)
                    .tag(tag, kind.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
