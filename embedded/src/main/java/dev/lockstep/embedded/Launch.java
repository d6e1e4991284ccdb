package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_START_FAILED;
import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_START_TIMEOUT;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the server process on a cluster that nobody else uses, and waits until it accepts connections. */
final class Launch {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int PORT_ATTEMPTS = 5;

    private Launch() {}

    /** A server that accepts connections. */
    record Server(Process process, int port) {}

    static Server of(
            EmbeddedPostgresSettings settings, Binaries binaries, Rights rights, Cluster cluster, long deadline)
            throws IOException {
        Path log = settings.homeFolder().resolve("postgres.log");
        LogTail.rotate(log);
        for (int attempt = 1; ; attempt++) {
            int port = settings.port() == 0 ? freePort() : settings.port();
            long logBegin = Files.exists(log) ? Files.size(log) : 0;
            Process process = launch(settings, binaries, rights, cluster, port, log);
            if (becameReady(process, cluster, deadline)) {
                return new Server(process, port);
            }
            boolean ended = !process.isAlive();
            new Postmaster(process.toHandle()).stop(settings.stopTimeout());
            String said = LogTail.since(log, logBegin);
            if (!ended || System.nanoTime() > deadline) {
                throw new PostgresProblem(
                        POSTGRES_START_TIMEOUT,
                        "PostgreSQL was not ready after "
                                + settings.startTimeout().toMillis() + " ms; its log is " + log
                                + ". Allow more time if it is recovering from a crash. Last lines: " + said);
            }
            boolean portWasTaken = settings.port() == 0 && said.contains("could not bind") && attempt < PORT_ATTEMPTS;
            // After kill -9 of the old server its children need a moment to notice and to leave the shared memory.
            boolean oldChildrenLeave = said.contains("pre-existing shared memory block");
            if (!portWasTaken && !oldChildrenLeave) {
                throw new PostgresProblem(
                        POSTGRES_START_FAILED,
                        "PostgreSQL ended with " + process.exitValue() + " while starting; its log is " + log
                                + ". Last lines: " + said);
            }
            pause(process);
        }
    }

    private static Process launch(
            EmbeddedPostgresSettings settings, Binaries binaries, Rights rights, Cluster cluster, int port, Path log)
            throws IOException {
        List<String> program = new ArrayList<>(List.of(
                binaries.program("postgres").toString(), "-D", cluster.folder().toString()));
        parameters(settings, port).forEach((name, value) -> program.addAll(List.of("-c", name + "=" + value)));
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            // A session of its own: Ctrl-C in the terminal then reaches Java only, which stops the server last.
            command.add("/usr/bin/setsid");
        }
        command.addAll(rights.command(program));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.homeFolder().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        return builder.start();
    }

    private static Map<String, String> parameters(EmbeddedPostgresSettings settings, int port) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("port", Integer.toString(port));
        parameters.put("listen_addresses", "127.0.0.1");
        parameters.put("unix_socket_directories", "");
        parameters.put("wal_level", "logical");
        parameters.put("timezone", "UTC");
        parameters.put("log_timezone", "UTC");
        parameters.put("tcp_user_timeout", "30s");
        parameters.put("idle_in_transaction_session_timeout", "60s");
        String durable = settings.throwAwayWithoutFsync() ? "off" : "on";
        parameters.put("fsync", durable);
        parameters.put("full_page_writes", durable);
        parameters.put("synchronous_commit", "on");
        parameters.putAll(settings.parameters());
        return parameters;
    }

    private static boolean becameReady(Process process, Cluster cluster, long deadline) throws IOException {
        try {
            while (process.isAlive() && System.nanoTime() < deadline) {
                if (Postmaster.isReady(cluster.folder(), process.pid())) {
                    return true;
                }
                pause(process);
            }
            return false;
        } catch (IOException e) {
            new Postmaster(process.toHandle()).stop(Duration.ofSeconds(2));
            throw e;
        }
    }

    private static void pause(Process process) {
        try {
            if (process.isAlive()) {
                process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            new Postmaster(process.toHandle()).stop(Duration.ofSeconds(2));
            Thread.currentThread().interrupt();
            throw new PostgresProblem(POSTGRES_START_FAILED, "the start was interrupted. Start again.", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }
}
