package dev.lockstep.server.cli;

import dev.lockstep.sync.inbox.InboxLog;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code events tail}: events as they come in, until Ctrl-C. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints events as they come in, until Ctrl-C or the limit.")
final class EventsTailCommand implements Callable<Integer> {
    /** Places are given before commits, so what was seen is looked at again for a while. */
    private static final int LOOK_BACK = 1_000;

    private static final int PAGE = 1_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Option(names = "--last", defaultValue = "0", description = "Begin with so many of the newest ones.")
    long last;

    @Option(names = "--limit", defaultValue = "0", description = "End after so many (default: never).")
    long limit;

    @Option(
            names = "--interval",
            defaultValue = "500",
            description = "Milliseconds between looks (default: ${DEFAULT-VALUE}).")
    long interval;

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Override
    public Integer call() throws InterruptedException {
        InboxLog inbox = new InboxLog(target.database());
        PrintWriter out = EventsCommand.out(spec);
        long printed = 0;
        long begin = Math.max(0, inbox.newest() - last);
        long after = begin;
        Set<Long> seen = new HashSet<>();
        while (true) {
            List<InboxLog.Line> lines = inbox.since(Math.max(begin, after - LOOK_BACK), PAGE + LOOK_BACK);
            for (InboxLog.Line line : lines) {
                if (seen.add(line.seq())) {
                    print(out, line);
                    after = Math.max(after, line.seq());
                    if (++printed == limit) {
                        return 0;
                    }
                }
            }
            long forget = after - LOOK_BACK;
            seen.removeIf(seq -> seq <= forget);
            if (lines.size() < PAGE + LOOK_BACK) {
                Thread.sleep(Math.max(10, interval));
            }
        }
    }

    private void print(PrintWriter out, InboxLog.Line line) {
        if (json) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("seq", line.seq());
            row.put("event_id", line.key().value());
            row.put("type", line.type());
            row.put("source", line.source().column());
            row.put("state", line.state());
            row.put("received", line.receivedAt().toString());
            out.println(JsonMapper.shared().writeValueAsString(row));
        } else {
            String type = line.type() == null ? "-" : line.type();
            out.printf(
                    "%s  %-8s %-8s %-40s %s%n",
                    line.receivedAt(),
                    line.source().column(),
                    line.state(),
                    type,
                    line.key().value());
        }
        out.flush();
    }
}
