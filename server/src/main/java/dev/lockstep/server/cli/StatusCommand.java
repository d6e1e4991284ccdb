package dev.lockstep.server.cli;

import dev.lockstep.starter.MirrorJudge;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedStatus;
import dev.lockstep.sync.freshness.MirrorStatus;
import dev.lockstep.sync.freshness.MirrorStatus.State;
import dev.lockstep.sync.freshness.RateBudgets;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code status}: how far the mirror has come and what waits, on one screen. It reads the database and nothing else. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "How far the mirror has come, who reads the tail, what waits. Ends with 1 when something is wrong.")
final class StatusCommand implements Callable<Integer> {
    private static final int BUDGETS = 10;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    private record Seen(
            MirrorStatus mirror, FeedStatus feed, Optional<Verdict> compared, List<RateBudgets.Noted> budgets) {}

    @Override
    public Integer call() {
        String environment = target.required("lockstep.workos.client-id", "workos.client-id");
        Database database = target.database();
        Optional<Verdict> compared = new DriftLog(database).last();
        Seen seen = database.read(tx -> new Seen(
                MirrorStatus.read(tx, environment), FeedStatus.read(tx), compared, RateBudgets.read(tx, BUDGETS)));
        List<String> worries = MirrorJudge.byDefault().worries(seen.mirror(), seen.feed());
        PrintWriter out = EventsCommand.out(spec);
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(document(seen, worries)));
        } else {
            screen(out, seen, worries);
        }
        out.flush();
        return worries.isEmpty() ? 0 : 1;
    }

    private static void screen(PrintWriter out, Seen seen, List<String> worries) {
        MirrorStatus mirror = seen.mirror();
        line(
                out,
                "mirror",
                mirror.appliedThrough()
                        .map(through -> "everything up to " + through + " is in" + ago(mirror.lag()))
                        .orElse("nothing is proved yet"));
        line(
                out,
                "rights",
                mirror.rightsAge()
                        .map(age -> "what can change them was in " + text(age) + " ago")
                        .orElse("nothing is proved yet"));
        line(
                out,
                "tail",
                mirror.tail()
                                .pollAge()
                                .map(age -> "reached the end " + text(age) + " ago")
                                .orElse("never polled")
                        + mirror.tail()
                                .holder()
                                .map(holder -> ", held by " + holder)
                                .orElse(", nobody holds the lease"));
        line(
                out,
                "cursor",
                mirror.tail().cursor().map(Object::toString).orElse("none")
                        + ago(mirror.tail().cursorAge()));
        line(
                out,
                "inbox",
                mirror.inbox().unapplied() + " wait ("
                        + mirror.inbox().of(State.RETRY).events() + " of them for another try), the oldest for "
                        + text(mirror.inbox().oldestUnapplied()));
        line(out, "parked", mirror.inbox().of(State.PARKED).events() + " events");
        line(
                out,
                "queues",
                mirror.queues().refetch() + " objects to ask WorkOS for again, "
                        + mirror.queues().tellings() + " changes to tell the application, "
                        + mirror.queues().parkedTellings() + " given up");
        line(
                out,
                "compared",
                seen.compared()
                        .map(verdict -> verdict.finishedAt() + ": " + verdict.seen() + " objects, " + verdict.drift()
                                + " differed, " + verdict.repaired() + " mended, " + verdict.failed()
                                + " not compared")
                        .orElse("never"));
        line(
                out,
                "applied",
                mirror.inbox().applyLag().isEmpty()
                        ? "nothing yet"
                        : new TreeMap<>(mirror.inbox().applyLag())
                                .entrySet().stream()
                                        .map(lag -> lag.getKey() + " within "
                                                + lag.getValue().toMillis() + " ms")
                                        .collect(Collectors.joining(", ", "", " (newest 500 events)")));
        line(
                out,
                "feed",
                seen.feed().length() + " changes in the log, " + seen.feed().nodes() + " nodes"
                        + new TreeMap<>(seen.feed().readers())
                                .entrySet().stream()
                                        .map(reader ->
                                                ", " + reader.getKey() + " " + text(reader.getValue()) + " behind")
                                        .collect(Collectors.joining()));
        seen.budgets().forEach(budget -> line(out, "budget", BudgetWords.line(budget)));
        worries.forEach(worry -> out.println("WRONG " + worry));
        out.println(worries.isEmpty() ? "all well" : worries.size() + " to mend");
    }

    private static void line(PrintWriter out, String what, String says) {
        out.println(String.format(Locale.ROOT, "%-8s %s", what, says));
    }

    private static Map<String, @Nullable Object> document(Seen seen, List<String> worries) {
        MirrorStatus mirror = seen.mirror();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("well", worries.isEmpty());
        document.put(
                "appliedThrough", mirror.appliedThrough().map(Object::toString).orElse(null));
        document.put("lagSeconds", seconds(mirror.lag()));
        document.put("rightsAgeSeconds", seconds(mirror.rightsAge()));
        document.put("pollAgeSeconds", seconds(mirror.tail().pollAge()));
        document.put("tailHolder", mirror.tail().holder().orElse(null));
        document.put("cursor", mirror.tail().cursor().map(Object::toString).orElse(null));
        document.put("cursorAgeSeconds", seconds(mirror.tail().cursorAge()));
        document.put("inboxNew", mirror.inbox().of(State.NEW).events());
        document.put("inboxRetry", mirror.inbox().of(State.RETRY).events());
        document.put("inboxOldestSeconds", seconds(Optional.of(mirror.inbox().oldestUnapplied())));
        document.put("parked", mirror.inbox().of(State.PARKED).events());
        document.put("refetch", mirror.queues().refetch());
        document.put("tellings", mirror.queues().tellings());
        document.put("tellingsParked", mirror.queues().parkedTellings());
        document.put(
                "comparedAt",
                seen.compared().map(verdict -> verdict.finishedAt().toString()).orElse(null));
        document.put("drift", seen.compared().map(Verdict::drift).orElse(null));
        document.put("driftRepaired", seen.compared().map(Verdict::repaired).orElse(null));
        document.put("applyLagSeconds", seconds(mirror.inbox().applyLag()));
        document.put("feedLength", seen.feed().length());
        document.put("feedNodes", seen.feed().nodes());
        document.put("feedReadersBehindSeconds", seconds(seen.feed().readers()));
        document.put(
                "budgets", seen.budgets().stream().map(BudgetWords::document).toList());
        document.put("worries", worries);
        return document;
    }

    private static Map<String, Object> seconds(Map<String, Duration> times) {
        Map<String, Object> seconds = new TreeMap<>();
        times.forEach((name, time) -> seconds.put(name, time.toMillis() / 1000.0));
        return seconds;
    }

    private static @Nullable Double seconds(Optional<Duration> time) {
        return time.map(value -> value.toMillis() / 1000.0).orElse(null);
    }

    private static String ago(Optional<Duration> age) {
        return age.map(value -> " (" + text(value) + " ago)").orElse("");
    }

    private static String text(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return time.toSeconds() + " s";
        }
        return time.compareTo(Duration.ofHours(2)) < 0 ? time.toMinutes() + " min" : time.toHours() + " h";
    }
}
