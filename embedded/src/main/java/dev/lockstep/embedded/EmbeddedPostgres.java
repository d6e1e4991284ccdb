package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_START_FAILED;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
        Launch.Server server = Launch.of(settings, binaries, rights, cluster, deadline);
        return new EmbeddedPostgres(settings, cluster, lock, server.process(), server.port());
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
