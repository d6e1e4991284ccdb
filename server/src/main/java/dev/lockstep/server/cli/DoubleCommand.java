package dev.lockstep.server.cli;

import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.DoubleSettings.Cascades;
import dev.lockstep.workosdouble.DoubleSettings.InactiveUsers;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code double}: a WorkOS for this machine, for applications and tests in any language. It needs no database. */
@Command(
        name = "double",
        mixinStandardHelpOptions = true,
        description = "Runs a WorkOS double on this machine and prints what an application needs to use it.")
final class DoubleCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--port", defaultValue = "0", description = "Port on 127.0.0.1 (default: a free one).")
    int port;

    @Option(names = "--folder", description = "Folder that keeps everything over restarts (default: memory only).")
    @Nullable
    Path folder;

    @Option(names = "--seed", description = "Seed of ids, keys and secrets: the same seed prints the same lines.")
    @Nullable
    Long seed;

    @Option(names = "--webhook-url", description = "Where every event is delivered as a signed webhook.")
    @Nullable
    URI webhookUrl;

    @Option(names = "--demo", description = "Plants four people in two organizations.")
    boolean demo;

    @Option(names = "--users", defaultValue = "0", description = "Makes so many users (default: none).")
    int users;

    @Option(
            names = "--organizations",
            defaultValue = "0",
            description = "Makes so many organizations, among which the users are spread (default: none).")
    int organizations;

    @Option(
            names = "--hold-back",
            defaultValue = "PT2S",
            description = "How long the Events API hides a new event (default: ${DEFAULT-VALUE}).")
    Duration holdBack = Duration.ofSeconds(2);

    @Option(
            names = "--retention",
            defaultValue = "P90D",
            description = "How long the Events API remembers (default: ${DEFAULT-VALUE}).")
    Duration retention = Duration.ofDays(90);

    @Option(names = "--provisioning", description = "AuthKit makes users and memberships of directory users.")
    boolean provisioning;

    @Option(names = "--rate-limited", description = "Enforces WorkOS's documented request limits.")
    boolean rateLimited;

    @Option(names = "--silent-cascades", description = "Deleting a user or an organization is one event only.")
    boolean silentCascades;

    @Option(
            names = "--keep-inactive",
            description = "Keeps directory users who are switched off, as old environments do.")
    boolean keepInactive;

    private @Nullable WorkOsDouble running;

    @Override
    public Integer call() {
        if (port < 0 || port > LAST_PORT) {
            throw new ParameterException(
                    spec().commandLine(), "There is no port " + port + "; choose one from 0 to " + LAST_PORT);
        }
        if (users < 0 || organizations < 0) {
            throw new ParameterException(spec().commandLine(), "--users and --organizations cannot be negative");
        }
        if (webhookUrl != null && webhookUrl.getHost() == null) {
            throw new ParameterException(
                    spec().commandLine(), "--webhook-url is no address; give one like http://localhost:3000/hooks");
        }
        WorkOsDouble workos = WorkOsDouble.start(settings());
        running = workos;
        Runtime.getRuntime().addShutdownHook(new Thread(workos::close, "lockstep-double-stop"));
        if (webhookUrl != null) {
            workos.deliverWebhooksTo(webhookUrl);
        }
        if (demo) {
            workos.seedDemo();
        }
        workos.populate(users, organizations);
        print(workos);
        return LockstepCommand.STAYS_UP;
    }

    private DoubleSettings settings() {
        DoubleSettings.Builder builder = DoubleSettings.builder()
                .port(port)
                .holdBack(holdBack)
                .retention(retention)
                .provisioning(provisioning)
                .rateLimited(rateLimited)
                .cascades(silentCascades ? Cascades.SILENT : Cascades.TOLD)
                .inactiveUsers(keepInactive ? InactiveUsers.KEPT : InactiveUsers.DELETED);
        if (folder != null) {
            builder.folder(folder.toAbsolutePath().normalize());
        }
        if (seed != null) {
            builder.random(new Random(seed));
        }
        return builder.build();
    }

    /** Only lines that a shell and an .env file read alike; everything else is a comment. */
    private void print(WorkOsDouble workos) {
        URI base = workos.baseUrl();
        PrintWriter out = EventsCommand.out(spec);
        out.println("# WorkOS double at " + base + ", stop with Ctrl-C");
        out.println("WORKOS_API_HOSTNAME=" + base.getHost());
        out.println("WORKOS_API_PORT=" + base.getPort());
        out.println("WORKOS_API_HTTPS=false");
        out.println("WORKOS_API_KEY=" + workos.apiKey());
        out.println("WORKOS_CLIENT_ID=" + workos.clientId());
        out.println("WORKOS_WEBHOOK_SECRET=" + workos.webhookSecret());
        out.println("# The own door: curl -H \"Authorization: Bearer $WORKOS_API_KEY\" " + base + "/_double/state");
        out.flush();
    }

    /** For tests: what {@link #call} started, or null. */
    @Nullable
    WorkOsDouble running() {
        return running;
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "set by the command line");
    }
}
