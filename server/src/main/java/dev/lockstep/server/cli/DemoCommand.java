package dev.lockstep.server.cli;

import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: everything in one process, no account, no network, nothing to install. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Runs the main story on an embedded PostgreSQL and a WorkOS double.")
final class DemoCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--port", defaultValue = "3000", description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--data",
            defaultValue = ".lockstep/demo",
            description = "Folder that survives restarts (default: ${DEFAULT-VALUE}).")
    Path data = Path.of(".lockstep/demo");

    @Option(names = "--no-browser", description = "Do not open a browser.")
    boolean noBrowser;

    @Override
    public Integer call() {
        PrintWriter out = out();
        if (port < 1 || port > LAST_PORT) {
            throw new ParameterException(
                    spec().commandLine(), "There is no port " + port + "; choose one from 1 to " + LAST_PORT);
        }
        DemoFolder folder = new DemoFolder(data.toAbsolutePath().normalize(), new SecureRandom());
        out.println("starting PostgreSQL, a WorkOS double and the server");
        out.flush();
        int free = FreePort.from(port);
        Demo demo = Demo.start(folder, free, Map.of());
        Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "lockstep-demo-stop"));
        if (free != port) {
            out.println("port " + port + " is taken, using " + free);
        }
        out.println(String.format(Locale.ROOT, "ready in %.1f s  %s", sinceStart(), demo.address()));
        out.println("  WorkOS double  " + demo.workOs().baseUrl() + "    PostgreSQL  "
                + demo.postgres().jdbcUrl());
        out.println("  log  " + folder.log() + "    stop with Ctrl-C");
        out.flush();
        openBrowser(demo.address());
        return LockstepCommand.STAYS_UP;
    }

    private PrintWriter out() {
        return EventsCommand.out(spec);
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "set by the command line");
    }

    private static double sinceStart() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    }

    private void openBrowser(URI address) {
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        boolean display = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        if (noBrowser || System.getenv("CI") != null || !(mac || display)) {
            return;
        }
        try {
            new ProcessBuilder(mac ? "open" : "xdg-open", address.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            out().println("  no browser could be opened; go to " + address);
        }
    }
}
