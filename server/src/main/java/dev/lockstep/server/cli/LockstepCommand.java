package dev.lockstep.server.cli;

import java.io.PrintWriter;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: one verb a class. It parses words and prints answers; the work is in the rooms. */
@Command(
        name = "lockstep",
        mixinStandardHelpOptions = true,
        version = "lockstep 0.1.0",
        description = "Keeps your PostgreSQL in lockstep with WorkOS, live on screen.",
        synopsisSubcommandLabel = "VERB",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            DoctorCommand.class,
            StatusCommand.class,
            BackfillCommand.class,
            ReconcileCommand.class,
            UserCommand.class,
            EventsCommand.class,
            KeysCommand.class,
            SessionsCommand.class,
            InboxCommand.class,
            ParkedCommand.class,
            ReplayCommand.class,
            WebhooksCommand.class,
            DoubleCommand.class,
            TypesCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong words or wrong configuration."})
public final class LockstepCommand implements Runnable {
    /** The verb started something that goes on until it is stopped from outside. */
    public static final int STAYS_UP = -1;

    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Runs the verb that the words name and returns its exit code, or {@link #STAYS_UP}. */
    public static int run(String... args) {
        return line().execute(args);
    }

    /** All verbs, and what happens to their failures. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new LockstepCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            err.println(command.getColorScheme().errorText(sentence(failure)));
            return 1;
        });
        return line;
    }

    /** A failure in words; what the database says of itself does not help anybody who cannot reach it. */
    private static String sentence(Throwable failure) {
        if (failure instanceof CannotGetJdbcConnectionException) {
            return "The database does not answer. Check DATABASE_URL, or, without one, that the demo is running.";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? "Failed with " + failure.getClass().getName() + "."
                : message;
    }
}
