package dev.lockstep.server.cli;

import dev.lockstep.server.ServerApplication;
import dev.lockstep.starter.ConfigurationProblem;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;

/** {@code serve}: the server against the real WorkOS and a database of yours, configured by the environment. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs the server against WorkOS and your PostgreSQL (WORKOS_API_KEY, WORKOS_CLIENT_ID,"
                + " WORKOS_COOKIE_PASSWORD, WORKOS_WEBHOOK_SECRET, WORKOS_REDIRECT_URI, DATABASE_URL).")
final class ServeCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        try {
            SpringApplication application = new SpringApplication(ServerApplication.class);
            application.setLogStartupInfo(false);
            application.run();
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
