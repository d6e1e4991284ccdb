package dev.lockstep.server.cli;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.backfill.Runs;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.reconcile.Drift;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Reconcile;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.reconcile.Verdict;
import dev.lockstep.workos.Priority;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code reconcile}: compares the mirror with WorkOS and says what differs. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares the whole mirror with WorkOS; without --repair it changes nothing.",
        footer = {
            "",
            "Exit codes: 0 the mirror is right, or is now; 1 it is not, or not all was compared; 2 wrong words."
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @ArgGroup
    @Nullable
    How how;

    @Mixin
    Pace pace = new Pace();

    @Option(names = "--json", description = "The verdict and the drift as one JSON object, and no progress.")
    boolean json;

    /** At most one of the three. */
    static final class How {
        @Option(names = "--dry-run", description = "Look only; this is the default.")
        boolean dryRun;

        @Option(names = "--repair", description = "Make the mirror say what WorkOS says.")
        boolean repair;

        @Option(names = "--last", description = "Compare nothing; show what the last comparison found.")
        boolean last;
    }

    @Override
    public Integer call() {
        Set<Mirrored> kinds = pace.kinds(spec);
        PrintWriter out = EventsCommand.out(spec);
        if (how != null && how.last) {
            DriftLog log = new DriftLog(target.database());
            Optional<Verdict> verdict = log.last();
            verdict.ifPresentOrElse(
                    found -> print(out, found, log.found(found.walk(), SHOWN)),
                    () -> out.println(json ? "{}" : "The mirror was never compared with WorkOS."));
            out.flush();
            return verdict.filter(Verdict::isSound).isPresent() ? 0 : 1;
        }
        try (WorkOsTarget opened = WorkOsTarget.open(target, Priority.RECONCILE, pace.rate(), pace.lanes())) {
            opened.noteBudgets("reconcile");
            Database database = opened.database();
            Reconcile.Settings settings = new Reconcile.Settings(
                    pace.lanes(), Reconcile.Settings.defaults().patience());
            Reconcile reconcile = new Reconcile(
                    database,
                    opened.objects(kinds),
                    new Freshness(database, opened.environment()),
                    settings,
                    Doorbell.silent());
            boolean repairs = how != null && how.repair;
            if (repairs) {
                target.operatorLog().record("operator.reconcile.repair", "mirror:workos", Map.of());
            }
            long lastPages = Runs.ofReconcile(database).pagesOfTheLast();
            Verdict verdict;
            try (WalkProgress progress =
                    new WalkProgress("reconcile", pace.err(spec), json, opened.budget(), lastPages)) {
                verdict = reconcile.run(repairs ? Mode.REPAIR : Mode.DRY_RUN, progress);
            }
            print(out, verdict, new DriftLog(database).found(verdict.walk(), SHOWN));
            return verdict.isSound() ? 0 : 1;
        }
    }

    private void print(PrintWriter out, Verdict verdict, List<Drift> drift) {
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(values(verdict, drift)));
        } else {
            out.println(words(verdict));
            List<Map<String, @Nullable Object>> rows =
                    drift.stream().map(ReconcileCommand::row).toList();
            if (!rows.isEmpty()) {
                Rows.print(out, rows, false);
            }
            if (verdict.drift() > drift.size()) {
                out.println("and " + (verdict.drift() - drift.size()) + " more, in lockstep.drift");
            }
        }
        out.flush();
    }

    private static String words(Verdict verdict) {
        String head = verdict.isSound()
                ? verdict.drift() == 0 ? "The mirror is what WorkOS shows." : "The mirror is right now."
                : "The mirror is NOT what WorkOS shows, or not all of it could be compared.";
        return """
                %s
                compared      %d objects in %d lists, %d of them row for row the same hash
                drift         %d missing, %d extra, %d stale, %d with another value; %d repaired
                pending       %d changed so lately that the Events tail may still bring them
                not compared  %d lists, objects or lookups
                finished      %s""".formatted(
                        head,
                        verdict.seen(),
                        verdict.lists(),
                        verdict.listsExact(),
                        verdict.missing(),
                        verdict.extra(),
                        verdict.stale(),
                        verdict.field(),
                        verdict.repaired(),
                        verdict.pending(),
                        verdict.failed(),
                        verdict.finishedAt());
    }

    private static Map<String, Object> values(Verdict verdict, List<Drift> drift) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("sound", verdict.isSound());
        values.put("repairs", verdict.repairs());
        values.put("startedAt", verdict.startedAt().toString());
        values.put("finishedAt", verdict.finishedAt().toString());
        values.put("seen", verdict.seen());
        values.put("missing", verdict.missing());
        values.put("extra", verdict.extra());
        values.put("stale", verdict.stale());
        values.put("field", verdict.field());
        values.put("pending", verdict.pending());
        values.put("repaired", verdict.repaired());
        values.put("failed", verdict.failed());
        values.put("lists", verdict.lists());
        values.put("listsExact", verdict.listsExact());
        values.put("drift", drift.stream().map(ReconcileCommand::row).toList());
        return values;
    }

    private static Map<String, @Nullable Object> row(Drift drift) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("kind", drift.kind());
        row.put("key", drift.key());
        row.put("drift", drift.category().word());
        row.put("fields", String.join(" ", drift.fields()));
        row.put("repaired", drift.repaired());
        return row;
    }
}
