package dev.lockstep.server.cli;

import dev.lockstep.store.Database;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events}: what came in, by which mouth, and what became of it. Bodies are never printed. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Shows the events in the inbox.",
        subcommands = {EventsCommand.ListEvents.class, EventsCommand.ShowEvent.class, EventsTailCommand.class})
final class EventsCommand extends CommandGroup {
    private static final List<String> STATES = List.of("new", "done", "ignored", "retry", "parked");
    private static final String LIST = """
            SELECT seq, event_id, event_type AS type, source, state, attempts,
              to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received,
              round(extract(epoch FROM finished_at - received_at) * 1000) AS took_ms, reason
            FROM lockstep.inbox
            WHERE (:state::text IS NULL OR state = :state)
            ORDER BY seq DESC LIMIT :limit
            """;
    private static final String SHOW = """
            SELECT seq, event_id, event_type AS type, source, state, attempts, received_at::text AS received,
              finished_at::text AS finished, next_at::text AS next, reason, octet_length(body) AS bytes,
              encode(sha256, 'hex') AS sha256
            FROM lockstep.inbox WHERE event_id = :id
            """;

    /** {@code events list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "The newest events first.")
    static final class ListEvents implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Option(names = "--limit", defaultValue = "20", description = "How many (default: ${DEFAULT-VALUE}).")
        int limit;

        @Option(names = "--state", description = "Only new, done, ignored, retry or parked ones.")
        @Nullable
        String state;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        @Override
        public Integer call() {
            if (state != null && !STATES.contains(state) && spec != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no state '" + state + "'; choose one of " + String.join(", ", STATES));
            }
            Rows.print(out(spec), list(target.database(), limit, state), json);
            return 0;
        }
    }

    /** {@code events show ID}. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "One event, without its body.")
    static final class ShowEvent implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(paramLabel = "EVENT", description = "The event's id.")
        String id = "";

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() {
            List<Map<String, @Nullable Object>> found = target.database()
                    .read(tx -> tx.sql(SHOW).param("id", id).query().listOfRows());
            Rows.print(out(spec), found, json);
            return found.isEmpty() ? 1 : 0;
        }
    }

    static List<Map<String, @Nullable Object>> list(Database database, int limit, @Nullable String state) {
        return database.read(tx -> tx.sql(LIST)
                .param("state", state, java.sql.Types.VARCHAR)
                .param("limit", limit)
                .query()
                .listOfRows());
    }

    static PrintWriter out(@Nullable CommandSpec spec) {
        return Optional.ofNullable(spec)
                .map(s -> s.commandLine().getOut())
                .orElseGet(() -> new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    }
}
