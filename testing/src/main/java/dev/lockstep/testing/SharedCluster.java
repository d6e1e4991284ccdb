package dev.lockstep.testing;

import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The one PostgreSQL of a test run: databases are made in it, and it can be crashed and brought back on its port. */
final class SharedCluster implements AutoCloseable {
    private static final Duration SWEPT_AFTER = Duration.ofMinutes(30);
    private static final String FOLDER_PREFIX = "cluster-";

    private final ReentrantLock lock = new ReentrantLock();
    private final Path home;
    private final Set<String> templates = new HashSet<>();
    private EmbeddedPostgres postgres;

    private SharedCluster(Path home, EmbeddedPostgres postgres) {
        this.home = home;
        this.postgres = postgres;
    }

    static SharedCluster start() {
        Path folder =
                Path.of(System.getProperty("java.io.tmpdir"), "lockstep-testing-" + System.getProperty("user.name"));
        Path home = folder.resolve(FOLDER_PREFIX + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            sweep(folder, InstantSource.system().instant().minus(SWEPT_AFTER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EmbeddedPostgresSettings settings = EmbeddedPostgresSettings.in(folder.resolve("binaries"), home)
                .throwAway()
                .withParameters(Map.of("max_connections", "300", "idle_in_transaction_session_timeout", "5min"));
        return new SharedCluster(home, EmbeddedPostgres.start(settings));
    }

    /** Removes what killed test runs left behind. A folder that a living run holds is left alone. */
    private static void sweep(Path folder, Instant before) throws IOException {
        try (DirectoryStream<Path> clusters = Files.newDirectoryStream(folder, FOLDER_PREFIX + "*")) {
            for (Path cluster : clusters) {
                if (Files.getLastModifiedTime(cluster).toInstant().isBefore(before)
                        && EmbeddedPostgres.stopAbandoned(cluster)) {
                    delete(cluster);
                }
            }
        }
    }

    /** Makes an empty database of this name. */
    void createDatabase(String name) {
        administer("create database " + name);
    }

    /** Makes a database of this name as a copy of a template, which is prepared once per run. */
    void createDatabase(String name, String template, Consumer<DataSource> preparation) {
        lock.lock();
        try {
            if (!templates.contains(template)) {
                administer("create database " + template);
                try (TestPool pool = new TestPool()) {
                    pool.connectTo(jdbcUrl(template), username(), password());
                    preparation.accept(pool.dataSource());
                }
                templates.add(template);
            }
            administer("create database " + name + " template " + template);
        } finally {
            lock.unlock();
        }
    }

    void dropDatabase(String name) {
        administer("drop database if exists " + name + " with (force)");
    }

    /** Kills the server as a crash would: no goodbye to any client. It stays down until brought back. */
    void crash() {
        ProcessHandle server = ProcessHandle.of(running().pid()).orElseThrow();
        List<ProcessHandle> children = server.descendants().toList();
        server.destroyForcibly();
        server.onExit().join();
        children.forEach(child -> child.onExit().join());
        running().close();
    }

    /** Stops the server in order. It stays down until brought back. */
    void stop() {
        running().close();
    }

    /** Starts the server again on the same port, crash recovery included. */
    void bringBack() {
        lock.lock();
        try {
            EmbeddedPostgres before = postgres;
            before.close();
            postgres = EmbeddedPostgres.start(before.settings().withPort(before.port()));
        } finally {
            lock.unlock();
        }
    }

    String jdbcUrl(String database) {
        return running().jdbcUrl(database);
    }

    String username() {
        return running().username();
    }

    String password() {
        return running().password();
    }

    int port() {
        return running().port();
    }

    private EmbeddedPostgres running() {
        lock.lock();
        try {
            return postgres;
        } finally {
            lock.unlock();
        }
    }

    private void administer(String sql) {
        try (Connection connection = DriverManager.getConnection(running().jdbcUrl(), username(), password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the test cluster refused: " + sql, e);
        }
    }

    @Override
    public void close() throws IOException {
        running().close();
        delete(home);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst =
                    all.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
