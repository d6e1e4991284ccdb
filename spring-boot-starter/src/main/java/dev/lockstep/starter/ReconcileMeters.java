package dev.lockstep.starter;

import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Verdict;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Meters of the comparison with WorkOS; read from the database when they are asked for. */
final class ReconcileMeters implements MeterBinder {
    private final DriftLog log;

    ReconcileMeters(DriftLog log) {
        this.log = log;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "lockstep.reconcile.age",
                "seconds",
                "seconds since the last comparison with WorkOS came to its end",
                () -> log.age().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN));
        gauge(
                registry,
                "lockstep.reconcile.drift",
                "objects",
                "objects that the last comparison found and nobody repaired",
                () -> log.last().map(ReconcileMeters::left).orElse(Double.NaN));
    }

    private static Double left(Verdict verdict) {
        return (double) (verdict.drift() - verdict.repaired());
    }

    private static void gauge(
            MeterRegistry registry, String name, String unit, String description, Supplier<Double> value) {
        Gauge.builder(name, () -> {
                    try {
                        return value.get();
                    } catch (DataAccessException e) {
                        return Double.NaN;
                    }
                })
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }
}
