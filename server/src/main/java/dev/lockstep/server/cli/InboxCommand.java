package dev.lockstep.server.cli;

import dev.lockstep.store.Database;
import dev.lockstep.sync.inbox.InboxLog;
import dev.lockstep.sync.outbox.ParkedTellings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inbox}: how many events are in which state, and why those that failed did. */
@Command(
        name = "inbox",
        mixinStandardHelpOptions = true,
        description = "Counts the events in the inbox by state and reason.",
        footer = {"", "Exit code 1 when something is parked."})
final class InboxCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Override
    public Integer call() {
        Database database = target.database();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        boolean parked = false;
        for (InboxLog.Tally tally : new InboxLog(database).tally()) {
            parked |= tally.state().equals("parked");
            rows.add(row(tally.state(), tally.events(), tally.oldest().toSeconds(), tally.why()));
        }
        long tellings = new ParkedTellings(database).count();
        if (tellings > 0) {
            parked = true;
            rows.add(row("parked", tellings, null, "listeners could not be told: parked list --tellings"));
        }
        Rows.print(EventsCommand.out(spec), rows, json);
        return parked ? 1 : 0;
    }

    private static Map<String, @Nullable Object> row(
            String state, long events, @Nullable Long oldestSeconds, @Nullable String why) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("state", state);
        row.put("events", events);
        row.put("oldest_s", oldestSeconds);
        row.put("reason", why);
        return row;
    }
}
