package dev.lockstep.server.cli;

import dev.lockstep.identity.EventId;
import dev.lockstep.sync.inbox.Effects;
import dev.lockstep.sync.inbox.Parked;
import dev.lockstep.sync.outbox.ParkedTellings;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parked}: events that failed for good and wait for somebody to decide. */
@Command(
        name = "parked",
        mixinStandardHelpOptions = true,
        description =
                "Shows, replays and discards what was parked: events, or with --tellings what listeners were not told.",
        subcommands = {
            ParkedCommand.ListParked.class,
            ParkedCommand.Show.class,
            ParkedCommand.Replay.class,
            ParkedCommand.Discard.class
        })
final class ParkedCommand extends CommandGroup {
    /** {@code parked list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "In the order they came, without bodies.")
    static final class ListParked implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Mixin
        Chosen chosen = new Chosen();

        @Option(names = "--tellings", description = "What listeners were not told, instead of events.")
        boolean tellings;

        @Option(names = "--after", defaultValue = "0", description = "Behind this seq, for the next page.")
        long after;

        @Option(
                names = "--limit",
                defaultValue = "100",
                description = "How many, up to 1,000 (default: ${DEFAULT-VALUE}).")
        int limit;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        @Override
        public Integer call() {
            if ((limit < 1 || limit > 1_000) && spec != null) {
                throw new ParameterException(spec.commandLine(), "--limit is " + limit + ", allowed are 1 to 1000");
            }
            List<Map<String, @Nullable Object>> rows = tellings
                    ? new ParkedTellings(target.database())
                            .list(null, after, limit).stream()
                                    .map(ParkedCommand::row)
                                    .toList()
                    : new Parked(target.database())
                            .list(chosen.selection(), after, limit).stream()
                                    .map(ParkedCommand::row)
                                    .toList();
            Rows.print(EventsCommand.out(spec), rows, json);
            return 0;
        }
    }

    private static Map<String, @Nullable Object> row(Parked.ParkedEvent event) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("seq", event.seq());
        row.put("event_id", event.key().value());
        row.put("type", event.type());
        row.put("source", event.source().column());
        row.put("received", event.receivedAt().toString());
        row.put("attempts", event.attempts());
        row.put("bytes", event.size());
        row.put("reason", event.reason());
        return row;
    }

    private static Map<String, @Nullable Object> row(ParkedTellings.ParkedTelling telling) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("seq", telling.seq());
        row.put("listener", telling.listener());
        row.put("key", telling.key());
        row.put("type", telling.type());
        row.put("recorded", telling.recordedAt().toString());
        row.put("attempts", telling.attempts());
        row.put("reason", telling.reason());
        return row;
    }

    /** {@code parked show EVENT}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "The shape of one parked event; ids, times and states are shown, nothing personal is.")
    static final class Show implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(paramLabel = "EVENT", description = "The event's id, or sha256:… of one that has none.")
        String id = "";

        @Option(names = "--json", description = "The same; the shape of a sound event is JSON already.")
        boolean json;

        @Override
        public Integer call() {
            Optional<String> shown = new Parked(target.database()).show(new EventId(id));
            PrintWriter out = EventsCommand.out(spec);
            if (shown.isPresent()) {
                out.println(shown.get());
            } else if (!json) {
                out.println("nothing");
            }
            out.flush();
            return shown.isPresent() ? 0 : 1;
        }
    }

    /** What replay and discard have in common: which ones. */
    static final class Which {
        @Spec(Spec.Target.MIXEE)
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Mixin
        Chosen chosen = new Chosen();

        @Parameters(paramLabel = "EVENT", arity = "0..1", description = "One event's id, or the key of a telling.")
        @Nullable
        String id;

        @Option(names = "--all", description = "All that are parked.")
        boolean all;

        @Option(
                names = "--tellings",
                paramLabel = "LISTENER",
                description = "What this listener was not told, instead of events.")
        @Nullable
        String listener;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        /** Nobody acts on everything by leaving a word out. */
        void check() {
            boolean chooses = !chosen.isEverything();
            int ways = (id != null ? 1 : 0) + (all ? 1 : 0) + (chooses ? 1 : 0);
            if (spec != null && (ways != 1 || (listener != null && chooses))) {
                throw new ParameterException(
                        spec.commandLine(),
                        listener != null
                                ? "Name one key, or say --all; the other choices are for events"
                                : "Name one event, or choose with --reason, --type, --from, --to, or say --all");
            }
        }

        /** Before it is done. */
        void record(String action, Map<String, String> more) {
            Map<String, String> details = new TreeMap<>(chosen.words());
            details.putAll(more);
            String kind = listener != null ? "telling" : "event";
            target.operatorLog().record(action, kind + ":" + (id == null ? "chosen" : OperatorLog.line(id)), details);
        }

        int report(String word, int count) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put(word, count);
            if (json) {
                Rows.print(EventsCommand.out(spec), List.of(row), true);
            } else {
                PrintWriter out = EventsCommand.out(spec);
                out.println(word + " " + count);
                out.flush();
            }
            return count > 0 ? 0 : 1;
        }
    }

    /** {@code parked replay}. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description =
                    "Makes parked events due again, with all their attempts. Silent: listeners hear nothing unless asked.",
            footer = {"", "Exit code 1 when none was parked."})
    static final class Replay implements Callable<Integer> {
        @Mixin
        Which which = new Which();

        @Option(names = "--with-side-effects", description = "Listeners hear what the events change.")
        boolean told;

        @Override
        public Integer call() {
            which.check();
            which.record("operator.parked.replay", Map.of("told", Boolean.toString(told)));
            if (which.listener != null) {
                return which.report(
                        "replayed", new ParkedTellings(which.target.database()).replay(which.listener, which.id));
            }
            Parked parked = new Parked(which.target.database());
            Effects effects = told ? Effects.TOLD : Effects.SILENT;
            if (which.id != null) {
                parked.replay(new EventId(which.id), effects);
                return which.report("replayed", 1);
            }
            return which.report("replayed", parked.replay(which.chosen.selection(), effects));
        }
    }

    /** {@code parked discard}. */
    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Gives parked events up for good and keeps why.",
            footer = {"", "Exit code 1 when none was parked."})
    static final class Discard implements Callable<Integer> {
        @Mixin
        Which which = new Which();

        @Option(names = "--because", required = true, description = "Why; kept with each of them.")
        String because = "";

        @Override
        public Integer call() {
            which.check();
            which.record("operator.parked.discard", Map.of("because", OperatorLog.line(because)));
            if (which.listener != null) {
                return which.report(
                        "discarded",
                        new ParkedTellings(which.target.database()).discard(which.listener, which.id, because));
            }
            Parked parked = new Parked(which.target.database());
            if (which.id != null) {
                parked.discard(new EventId(which.id), because);
                return which.report("discarded", 1);
            }
            return which.report("discarded", parked.discard(which.chosen.selection(), because));
        }
    }
}
