package dev.lockstep.server.cli;

import dev.lockstep.server.ServerApplication;
import dev.lockstep.starter.ConfigurationProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code serve}: the server against the real WorkOS and a database of yours, configured by the environment. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs the server against WorkOS and your PostgreSQL (WORKOS_API_KEY, WORKOS_CLIENT_ID,"
                + " WORKOS_COOKIE_PASSWORD, WORKOS_WEBHOOK_SECRET, WORKOS_REDIRECT_URI, DATABASE_URL).",
        footer = {"", "Any setting may follow, such as --server.port=4000; docs/configuration.md lists them."})
final class ServeCommand implements Callable<Integer> {
    private static final Pattern SETTING = Pattern.compile("--[A-Za-z][\\w.\\[\\]-]*=.*");

    @Spec
    @Nullable
    CommandSpec spec;

    @Unmatched
    List<String> settings = new ArrayList<>();

    @Override
    public Integer call() {
        for (String setting : settings) {
            if (spec != null && !SETTING.matcher(setting).matches()) {
                throw new ParameterException(
                        spec.commandLine(), "'" + setting + "' is no setting; write it as --lockstep.sync.workers=4");
            }
        }
        try {
            SpringApplication application = new SpringApplication(ServerApplication.class);
            application.setLogStartupInfo(false);
            application.run(settings.toArray(String[]::new));
            return LockstepCommand.STAYS_UP;
        } catch (RuntimeException failure) {
            return causedByConfiguration(failure) ? 2 : 1;
        }
    }

    private static boolean causedByConfiguration(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConfigurationProblem) {
                return true;
            }
        }
        return false;
    }
}
