package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.backfill.Runs;
import dev.lockstep.sync.backfill.Runs.Row;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.backfill.Walk.Absent;
import dev.lockstep.sync.freshness.Awaited;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Comparison;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Observed;
import dev.lockstep.sync.projection.Repairs;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.reconcile.Drift.Category;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Rows that no list showed. WorkOS was asked for each; those it denies are too many, unless their event is on its way. */
final class Leftovers implements Absent {
    private final Database database;
    private final Runs runs;
    private final DriftLog log;
    private final Freshness freshness;
    private final Run run;
    private final Repairs repairs = new Repairs();
    private final Comparison comparison = new Comparison();
    private final Queue<Gone> gone = new ConcurrentLinkedQueue<>();
    /** What is left of it; touched by the calling thread only. */
    private Duration patience;

    Leftovers(Database database, Runs runs, DriftLog log, Freshness freshness, Duration patience, Run run) {
        this.database = database;
        this.runs = runs;
        this.log = log;
        this.freshness = freshness;
        this.patience = patience;
        this.run = run;
    }

    private record Gone(Mirrored kind, String key, Instant askedAt) {}

    @Override
    public void gone(Mirrored kind, Row row, Instant askedAt) {
        gone.add(new Gone(kind, row.key(), askedAt));
    }

    @Override
    public void there(Mirrored kind, Row row, Fetched shown, Instant askedAt) {
        database.write(tx -> {
            Observed observed = Observed.of(tx, shown, askedAt);
            Judge judge = new Judge(Freshness.appliedThrough(tx).orElse(null), askedAt);
            comparison
                    .differences(tx, observed)
                    .forEach(one -> judge.category(one)
                            .ifPresent(category -> log.add(
                                    tx,
                                    run.id(),
                                    new Drift(one.kind().word(), one.key(), category, one.fields(), run.repairs()))));
            return run.repairs() ? observed.writeChanged(tx, comparison) : 0;
        });
    }

    @Override
    public void asked() {
        List<Gone> denied = new ArrayList<>();
        for (Gone one = gone.poll(); one != null; one = gone.poll()) {
            denied.add(one);
        }
        if (denied.isEmpty()) {
            return;
        }
        Instant latest =
                denied.stream().map(Gone::askedAt).max(Instant::compareTo).orElseThrow();
        boolean told = tailHasPassed(latest);
        denied.forEach(one -> database.write(tx -> conclude(tx, one, told)));
    }

    /** Where no tail ever ran nobody promises anything, and there is nothing to wait for. */
    private boolean tailHasPassed(Instant time) {
        if (freshness.watermark().appliedThrough().isEmpty()
                || freshness.awaitThrough(time, patience) == Awaited.REACHED) {
            return true;
        }
        patience = Duration.ZERO;
        return false;
    }

    private boolean conclude(Tx tx, Gone one, boolean told) {
        if (!repairs.isAlive(tx, one.kind(), one.key())) {
            return false;
        }
        boolean buried = run.repairs() && repairs.confirmGone(tx, one.kind(), one.key(), one.askedAt());
        if (buried) {
            runs.countDeleted(tx, run.id());
        }
        Category category = told ? Category.EXTRA : Category.PENDING;
        log.add(tx, run.id(), new Drift(one.kind().word(), one.key(), category, List.of(), buried));
        return buried;
    }
}
