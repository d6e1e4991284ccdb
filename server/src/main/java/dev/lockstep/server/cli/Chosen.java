package dev.lockstep.server.cli;

import dev.lockstep.sync.inbox.Selection;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose events. */
final class Chosen {
    @Option(names = "--reason", description = "Only events whose reason contains these words.")
    @Nullable
    String reason;

    @Option(names = "--type", description = "Only events of this type, such as user.updated.")
    @Nullable
    String type;

    @Option(
            names = "--from",
            converter = When.class,
            description = "Only events received since: 2026-11-21T10:00:00Z, 2026-11-21, or 90m, 2h, 3d ago.")
    @Nullable
    Instant from;

    @Option(names = "--to", converter = When.class, description = "Only events received before.")
    @Nullable
    Instant to;

    Selection selection() {
        return new Selection(reason, type, from, to);
    }

    /** The same for the audit log; what was typed as a reason is cut to a line. */
    Map<String, String> words() {
        Map<String, String> words = new TreeMap<>();
        put(words, "reason", reason == null ? null : OperatorLog.line(reason));
        put(words, "type", type == null ? null : OperatorLog.line(type));
        put(words, "from", from);
        put(words, "to", to);
        return words;
    }

    private static void put(Map<String, String> words, String name, @Nullable Object value) {
        if (value != null) {
            words.put(name, value.toString());
        }
    }

    boolean isEverything() {
        return reason == null && type == null && from == null && to == null;
    }
}
