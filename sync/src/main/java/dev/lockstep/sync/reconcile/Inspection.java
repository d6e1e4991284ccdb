package dev.lockstep.sync.reconcile;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.backfill.ObjectSource;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs;
import dev.lockstep.sync.backfill.Runs.Run;
import dev.lockstep.sync.backfill.Runs.Taken;
import dev.lockstep.sync.backfill.Shard;
import dev.lockstep.sync.backfill.Walk.PageWork;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Comparison;
import dev.lockstep.sync.projection.Difference;
import dev.lockstep.sync.projection.Observed;
import dev.lockstep.sync.projection.Repairs;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.reconcile.Drift.Category;
import dev.lockstep.workos.WorkOsException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares each page with its rows, and each list as a whole. Called by several lanes, each with lists of its own. */
final class Inspection implements PageWork {
    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    private final Database database;
    private final ObjectSource source;
    private final Runs runs;
    private final DriftLog log;
    private final Run run;
    private final Comparison comparison = new Comparison();
    private final Repairs repairs = new Repairs();
    private final Map<Shard, List<Difference>> stubborn = new ConcurrentHashMap<>();
    private final AtomicLong failed = new AtomicLong();

    Inspection(Database database, ObjectSource source, Runs runs, DriftLog log, Run run) {
        this.database = database;
        this.source = source;
        this.runs = runs;
        this.log = log;
        this.run = run;
    }

    /** Objects that WorkOS gave no usable answer about when they were to be written anew. */
    long failed() {
        return failed.get();
    }

    @Override
    public Taken take(Tx tx, Shard shard, Listed page, Observed observed) {
        int seen = observed.keys(shard.kind()).size();
        BigDecimal digest = comparison.digest(tx, observed, shard.kind());
        // Read before the rows are: the mirror may then know more than it is held to, never less.
        Judge judge = new Judge(Freshness.appliedThrough(tx).orElse(null), page.fetchStartedAt());
        List<Difference> differences = comparison.differences(tx, observed);
        Map<Difference, Category> drift = new HashMap<>();
        differences.forEach(one -> judge.category(one).ifPresent(category -> drift.put(one, category)));
        Set<String> unmended = run.repairs() ? mend(tx, shard, observed, drift) : Set.of();
        drift.forEach((one, category) -> log.add(
                tx,
                run.id(),
                new Drift(
                        one.kind().word(),
                        one.key(),
                        category,
                        one.fields(),
                        run.repairs() && !unmended.contains(name(one)))));
        return new Taken(seen, differences.size(), digest);
    }

    /** Joins the page and returns which of the differences that makes no end of. */
    private Set<String> mend(Tx tx, Shard shard, Observed observed, Map<Difference, Category> drift) {
        observed.writeChanged(tx, comparison);
        Set<String> names = new HashSet<>();
        if (!drift.isEmpty()) {
            List<Difference> left = comparison.differences(tx, observed).stream()
                    .filter(one -> !one.isQuiet())
                    .filter(one -> drift.keySet().stream()
                            .anyMatch(before -> name(before).equals(name(one))))
                    .toList();
            left.forEach(one -> names.add(name(one)));
            stubborn.put(shard, left);
        }
        return names;
    }

    @Override
    public void committed(Shard shard, boolean last) {
        List<Difference> left = Optional.ofNullable(stubborn.remove(shard)).orElse(List.of());
        left.forEach(one -> rewrite(shard, one));
        if (last) {
            compareWhole(shard);
        }
    }

    /** No merge mends the row, because it claims to know better; what WorkOS says of that very object decides. */
    private void rewrite(Shard shard, Difference one) {
        Instant askedAt = source.now();
        Optional<Fetched> shown;
        try {
            shown = source.find(one.kind(), shard.scope(), one.key());
        } catch (WorkOsException e) {
            LOG.error(
                    "{}: one of {} could not be asked for; it stays as it is.",
                    e.problem().code(),
                    shard.kind());
            failed.incrementAndGet();
            return;
        }
        database.write(tx -> {
            if (shown.isEmpty()) {
                return repairs.confirmGone(tx, one.kind(), one.key(), askedAt);
            }
            repairs.rewrite(tx, one.kind(), one.key(), shown.get(), askedAt);
            log.repaired(tx, run.id(), one.kind().word(), one.key());
            return true;
        });
    }

    /** Outside the transaction of the last page: a long look at a big table must not hold the locks of a page. */
    private void compareWhole(Shard shard) {
        Optional<Boolean> exact = database.read(tx -> runs.digest(tx, run.id(), shard)
                .map(shown -> shown.compareTo(comparison.held(tx, shard.kind(), shard.scope())) == 0));
        exact.ifPresent(same -> database.write(tx -> {
            runs.exact(tx, run.id(), shard, same);
            return same;
        }));
    }

    private static String name(Difference one) {
        return one.kind().word() + " " + one.key();
    }
}
