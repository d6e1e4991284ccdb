package dev.lockstep.server.cli;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.backfill.Backfill;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.backfill.Backfill.Summary;
import dev.lockstep.sync.backfill.Runs;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.workos.Priority;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** {@code backfill}: fills the mirror from WorkOS's lists. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        description = "Fills the mirror from WorkOS's lists; may be stopped and gone on with at any page.",
        footer = {"", "Exit codes: 0 everything is there, 1 something failed (go on with --resume), 2 wrong words."})
final class BackfillCommand implements Callable<Integer> {
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

    @Option(names = "--json", description = "The summary as one JSON object, and no progress.")
    boolean json;

    /** At most one of the two. */
    static final class How {
        @Option(names = "--resume", description = "Go on with the unfinished one.")
        boolean resume;

        @Option(names = "--restart", description = "Begin anew although one is unfinished.")
        boolean restart;
    }

    @Override
    public Integer call() {
        Set<Mirrored> kinds = pace.kinds(spec);
        PrintWriter out = EventsCommand.out(spec);
        try (WorkOsTarget opened = WorkOsTarget.open(target, Priority.BACKFILL, pace.rate(), pace.lanes())) {
            opened.noteBudgets("backfill");
            Database database = opened.database();
            Backfill backfill = new Backfill(
                    database, opened.objects(kinds), opened.environment(), pace.lanes(), Doorbell.silent());
            long lastPages = Runs.ofReconcile(database).pagesOfTheLast();
            Summary summary;
            try (WalkProgress progress =
                    new WalkProgress("backfill", pace.err(spec), json, opened.budget(), lastPages)) {
                summary = backfill.run(start(), progress);
            }
            print(out, summary);
            return summary.isComplete() ? 0 : 1;
        }
    }

    private Start start() {
        if (how == null) {
            return Start.FRESH;
        }
        return how.resume ? Start.RESUME : Start.RESTART;
    }

    private void print(PrintWriter out, Summary summary) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("complete", summary.isComplete());
            values.put("boundary", summary.boundary().toString());
            values.put("lists", summary.shards());
            values.put("pages", summary.pages());
            values.put("seen", summary.seen());
            values.put("written", summary.written());
            values.put("deleted", summary.deleted());
            values.put("unreadable", summary.unreadable());
            values.put("failed", summary.failed());
            out.println(JsonMapper.shared().writeValueAsString(values));
        } else {
            List.of(
                            summary.isComplete() ? "complete" : "NOT complete; go on with --resume",
                            "objects read    " + summary.seen() + " on " + summary.pages() + " pages of "
                                    + summary.shards() + " lists",
                            "rows written    " + summary.written(),
                            "rows gone       " + summary.deleted() + " (WorkOS was asked for each)",
                            "unreadable      " + summary.unreadable(),
                            "failed          " + summary.failed() + " lists or lookups",
                            "what changed after " + summary.boundary() + " comes with the Events tail")
                    .forEach(out::println);
        }
        out.flush();
    }
}
