package dev.lockstep.server.cli;

import dev.lockstep.sync.inbox.Effects;
import dev.lockstep.sync.inbox.Replay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code replay}: puts finished events through the merge once more. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Applies events of the inbox again. Safe: an older event never beats a newer one. Silent: listeners"
                        + " hear nothing unless asked.",
        footer = {"", "The events are made due; a running server applies them. Exit code 1 when there were none."})
final class ReplayCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Mixin
    Chosen chosen = new Chosen();

    @Option(
            names = "--state",
            defaultValue = "finished",
            description = "done, ignored or finished for both (default: ${DEFAULT-VALUE}).")
    String state = "finished";

    @Option(names = "--all", description = "Everything that is kept.")
    boolean all;

    @Option(names = "--dry-run", description = "Only counts.")
    boolean dryRun;

    @Option(names = "--with-side-effects", description = "Listeners hear what the events change.")
    boolean told;

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    @Override
    public Integer call() {
        if (spec != null && all != chosen.isEverything()) {
            throw new ParameterException(
                    spec.commandLine(), "Choose with --reason, --type, --from, --to, or say --all");
        }
        Replay.Which which = which();
        Replay replay = new Replay(target.database());
        Replay.Extent extent = replay.extent(which, chosen.selection());
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("replayed", 0L);
        row.put("replayable", extent.replayable());
        row.put("without_bytes", extent.stripped());
        if (!dryRun) {
            target.operatorLog().record("operator.inbox.replay", "inbox:" + state, chosen.words());
            row.put("replayed", replay.start(which, chosen.selection(), told ? Effects.TOLD : Effects.SILENT));
        }
        Rows.print(EventsCommand.out(spec), List.of(row), json);
        return extent.replayable() > 0 ? 0 : 1;
    }

    private Replay.Which which() {
        for (Replay.Which each : Replay.Which.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(state)) {
                return each;
            }
        }
        String message = "There is no state '" + state + "'; choose done, ignored or finished";
        throw spec == null
                ? new IllegalArgumentException(message)
                : new ParameterException(spec.commandLine(), message);
    }
}
