package dev.lockstep.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where an embedded PostgreSQL lives and how it runs. Immutable.
 *
 * @param binariesFolder unpacked PostgreSQL programs, shared by all clusters; one sub-folder per content hash
 * @param homeFolder this cluster's own folder: its data, its password, its log and its lock
 * @param port the port on 127.0.0.1, or 0 for a free one
 * @param startTimeout how long the start may take, crash recovery included
 * @param stopTimeout how long a clean stop may take before the processes are killed, which loses no commit
 * @param throwAwayWithoutFsync true only for a test cluster that nobody will miss: nothing waits for the disk
 * @param parameters further {@code postgres} settings by name; they win over the defaults
 */
public record EmbeddedPostgresSettings(
        Path binariesFolder,
        Path homeFolder,
        int port,
        Duration startTimeout,
        Duration stopTimeout,
        boolean throwAwayWithoutFsync,
        Map<String, String> parameters) {

    public EmbeddedPostgresSettings {
        binariesFolder = binariesFolder.toAbsolutePath().normalize();
        homeFolder = homeFolder.toAbsolutePath().normalize();
        parameters = Map.copyOf(parameters);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 (any free one) to 65535, not " + port);
        }
        if (!startTimeout.isPositive() || !stopTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "startTimeout and stopTimeout must be positive, not " + startTimeout + " and " + stopTimeout);
        }
    }

    /** A durable cluster on a free port, with a minute to start and ten seconds to stop. */
    public static EmbeddedPostgresSettings in(Path binariesFolder, Path homeFolder) {
        return new EmbeddedPostgresSettings(
                binariesFolder, homeFolder, 0, Duration.ofSeconds(60), Duration.ofSeconds(10), false, Map.of());
    }

    /** The same on this port; 0 means a free one. */
    public EmbeddedPostgresSettings withPort(int newPort) {
        return new EmbeddedPostgresSettings(
                binariesFolder, homeFolder, newPort, startTimeout, stopTimeout, throwAwayWithoutFsync, parameters);
    }

    /** The same with these further {@code postgres} settings, in place of earlier ones. */
    public EmbeddedPostgresSettings withParameters(Map<String, String> newParameters) {
        return new EmbeddedPostgresSettings(
                binariesFolder, homeFolder, port, startTimeout, stopTimeout, throwAwayWithoutFsync, newParameters);
    }

    /**
     * The same, but a crash of the machine may lose commits and even the whole cluster; a killed process still loses
     * nothing. For tests only.
     */
    public EmbeddedPostgresSettings throwAway() {
        return new EmbeddedPostgresSettings(
                binariesFolder, homeFolder, port, startTimeout, stopTimeout, true, parameters);
    }
}
