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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that runs as a child process of this one and listens on 127.0.0.1 only. Thread-safe.
 *
 * <p>A commit that was acknowledged survives {@code kill -9} of this process, of the server and of both. Close it to
 * stop the server; a server that outlived its Java process is found and replaced by the next start on the same folder.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int PORT_ATTEMPTS = 5;

    private final EmbeddedPostgresSettings settings;
    private final Cluster cluster;
    private final HomeLock lock;
    private final Process process;
    private final int port;

    private EmbeddedPostgres(
            EmbeddedPostgresSettings settings, Cluster cluster, HomeLock lock, Process process, int port) {
        this.settings = settings;
        this.cluster = cluster;
        this.lock = lock;
        this.process = process;
        this.port = port;
    }

    /**
     * Unpacks the programs and makes the cluster when they are not there yet, replaces an orphaned server, and returns
     * once connections are accepted.
     *
     * @throws PostgresProblem when any of that fails; nothing is left running then
     */
    public static EmbeddedPostgres start(EmbeddedPostgresSettings settings) {
        long began = System.nanoTime();
        try {
            Folders.createPrivate(settings.homeFolder());
            HomeLock lock = HomeLock.of(settings.homeFolder());
            try {
                EmbeddedPostgres started =
                        start(settings, lock, began + settings.startTimeout().toNanos());
                LOG.info(
                        "PostgreSQL ready on port {} in {} ms",
                        started.port,
                        Duration.ofNanos(System.nanoTime() - began).toMillis());
                return started;
            } catch (Throwable failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException e) {
            throw new PostgresProblem(
                    POSTGRES_START_FAILED,
                    "the folder " + settings.homeFolder() + " cannot be used (" + e.getMessage()
                            + "). Check that it can be written and that the disk is not full.",
                    e);
        }
    }

    /**
     * Stops a server that a killed Java process left behind in this home folder.
     *
     * @return false when a living process holds the folder, and nothing was done
     */
    public static boolean stopAbandoned(Path homeFolder) throws IOException {
        Optional<HomeLock> lock = HomeLock.tryLock(homeFolder);
        if (lock.isEmpty()) {
            return false;
        }
        try {
            Postmaster.runningOn(homeFolder.resolve("cluster"))
                    .ifPresent(orphan -> orphan.stop(Duration.ofSeconds(10)));
            return true;
        } finally {
            lock.get().close();
        }
    }

    private static EmbeddedPostgres start(EmbeddedPostgresSettings settings, HomeLock lock, long deadline)
            throws IOException {
        Binaries binaries = Binaries.in(settings.binariesFolder());
        Rights rights = Rights.available();
        Cluster cluster = Cluster.in(settings, binaries, rights);
        Postmaster.runningOn(cluster.folder()).ifPresent(orphan -> {
            LOG.warn(
                    "A PostgreSQL from an earlier run is still there (process {}); replacing it",
                    orphan.process().pid());
            orphan.stop(settings.stopTimeout());
        });
        Path log = settings.homeFolder().resolve("postgres.log");
        LogTail.rotate(log);
        for (int attempt = 1; ; attempt++) {
            int port = settings.port() == 0 ? freePort() : settings.port();
            long logBegin = Files.exists(log) ? Files.size(log) : 0;
            Process process = launch(settings, binaries, rights, cluster, port, log);
            if (becameReady(process, cluster, deadline)) {
                return new EmbeddedPostgres(settings, cluster, lock, process, port);
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

    /** The address of the database {@code postgres}, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /** The address of this database, which need not exist yet; without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The owner of the cluster. */
    public String username() {
        return Cluster.OWNER;
    }

    /** The owner's password, random per cluster. Keep it out of logs. */
    public String password() {
        return cluster.password();
    }

    /** What it was started with. */
    public EmbeddedPostgresSettings settings() {
        return settings;
    }

    public int port() {
        return port;
    }

    /** The server's process id. */
    public long pid() {
        return process.pid();
    }

    /** False once the server ended, by {@link #close} or by itself. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** What the server wrote to its log. */
    public Path logFile() {
        return settings.homeFolder().resolve("postgres.log");
    }

    /** Ends all connections and stops the server. Further calls do nothing. */
    @Override
    public void close() {
        new Postmaster(process.toHandle()).stop(settings.stopTimeout());
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock on {} could not be given back: {}", settings.homeFolder(), e.getMessage());
        }
    }
}
