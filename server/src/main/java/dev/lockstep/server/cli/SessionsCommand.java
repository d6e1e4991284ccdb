package dev.lockstep.server.cli;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.Revocations;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.store.Database;
import java.time.Duration;
import java.time.InstantSource;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sessions}: who is signed in, and ending that on every node and at WorkOS. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "Lists and ends the sessions of a person.",
        subcommands = {SessionsCommand.ListSessions.class, SessionsCommand.Revoke.class})
final class SessionsCommand extends CommandGroup {
    /** {@code sessions list USER}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "The sessions of a person that go on.")
    static final class ListSessions implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(paramLabel = "USER", description = "The person's id, user_…")
        String user = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        @Override
        public Integer call() {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            for (OwnSessions.Entry entry : new OwnSessions(target.database()).list(new UserId(user), null, null)) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("session_id", entry.id().value());
                row.put("method", entry.method());
                row.put("created", text(entry.createdAt()));
                row.put("seen", text(entry.seenAt()));
                row.put("by_operator", entry.byOperator());
                rows.add(row);
            }
            Rows.print(EventsCommand.out(spec), rows, json);
            return 0;
        }

        private static @Nullable String text(@Nullable Object time) {
            return time == null ? null : time.toString();
        }
    }

    /** {@code sessions revoke}. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a session, or all of a person, within a second on every node, then at WorkOS.",
            footer = {"", "Recorded in the audit log. Exit code 1 when there was none."})
    static final class Revoke implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(paramLabel = "SESSION", arity = "0..1", description = "The session's id, session_…")
        @Nullable
        String session;

        @Option(names = "--user", paramLabel = "USER", description = "All sessions of this person.")
        @Nullable
        String user;

        @Override
        public Integer call() {
            if (spec != null && (session == null) == (user == null)) {
                throw new ParameterException(spec.commandLine(), "Name one session, or a person with --user");
            }
            Database database = target.database();
            List<SessionId> sessions = session != null
                    ? List.of(new SessionId(session))
                    : new OwnSessions(database)
                            .list(new UserId(String.valueOf(user)), null, null).stream()
                                    .map(OwnSessions.Entry::id)
                                    .toList();
            target.operatorLog()
                    .record(
                            "operator.sessions.revoke",
                            session != null ? "session:" + session : "user:" + user,
                            Map.of("sessions", Integer.toString(sessions.size())));
            var clock = InstantSource.system();
            // The change feed tells the running nodes; one of them tells WorkOS.
            new EndedSessions(new Revocations(clock), match -> {}, database, null, () -> {})
                    .end(
                            sessions,
                            new EndedSessions.Ending(
                                    new Caller.Anonymous(), "operator.sessions.revoke", Map.of(), Duration.ZERO));
            EventsCommand.out(spec).println("ended " + sessions.size());
            EventsCommand.out(spec).flush();
            return sessions.isEmpty() ? 1 : 0;
        }
    }
}
