package dev.lockstep.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.dao.DataAccessException;

/** Brings a database to the schema of this version: checks the server, then applies the numbered .sql files. */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final String FOLDER = "lockstep/migrations";
    private static final int OLDEST_SERVER = 150_000;
    private static final String READ_SERVER = """
            SELECT current_setting('server_version_num')::int AS version,
              current_setting('server_version') AS version_name,
              current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS synchronous_commit
            """;

    private Migrations() {}

    private record Server(int version, String versionName, String fsync, String synchronousCommit) {
        boolean flushesCommits() {
            return synchronousCommit.equals("on") || synchronousCommit.equals("remote_apply");
        }
    }

    /** One migration file: its name and its SQL, printable without a database. */
    public record Script(String name, String sql) {}

    /**
     * Checks the server and applies what is missing. Safe to run again and from several nodes at once. A server without
     * fsync is only warned about, so that tests can use a throw-away one; see {@link #requireDurable}.
     *
     * @param dataSource direct connections (no transaction pooler) of the role that owns the schemas
     * @throws StoreException when the server is too old, acknowledges commits before they are flushed, cannot be
     *     reached, or a migration fails
     */
    public static void migrate(DataSource dataSource) {
        Server server = readServer(dataSource);
        requireVersion(server);
        if (!server.flushesCommits()) {
            throw notDurable(server);
        }
        if (!server.fsync.equals("on")) {
            LOG.warn(
                    "{} A crash of the machine may lose commits; never run a real installation so.",
                    notDurable(server).getMessage());
        }
        try {
            flyway(dataSource).migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    StoreException.Code.STORE_MIGRATION_FAILED,
                    "A migration of the schemas lockstep, workos and app failed and was rolled back. Read the cause,"
                            + " repair it and start again; the history stands in lockstep.flyway_history.",
                    e);
        }
    }

    /** All migrations in their order, as text; needs no database. */
    public static List<Script> scripts() {
        var resolver = new PathMatchingResourcePatternResolver(Migrations.class.getClassLoader());
        try {
            List<Script> scripts = new ArrayList<>();
            for (Resource file : resolver.getResources("classpath:" + FOLDER + "/V*.sql")) {
                scripts.add(new Script(
                        Objects.requireNonNull(file.getFilename()), file.getContentAsString(StandardCharsets.UTF_8)));
            }
            scripts.sort(Comparator.comparing(Script::name));
            return List.copyOf(scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server readServer(DataSource dataSource) {
        try {
            return new Database(dataSource)
                    .read(tx -> tx.sql(READ_SERVER).query(Server.class).single());
        } catch (DataAccessException e) {
            throw new StoreException(
                    StoreException.Code.STORE_UNREACHABLE,
                    "PostgreSQL could not be asked for its version. Check DATABASE_URL and that the server is up.",
                    e);
        }
    }

    /**
     * Refuses a server that may lose an acknowledged commit, even when the whole machine crashes. Every real
     * installation asks this at start.
     *
     * @throws StoreException when it may, or when the server is too old or cannot be reached
     */
    public static void requireDurable(DataSource dataSource) {
        Server server = readServer(dataSource);
        requireVersion(server);
        if (!server.flushesCommits() || !server.fsync.equals("on")) {
            throw notDurable(server);
        }
    }

    private static void requireVersion(Server server) {
        if (server.version < OLDEST_SERVER) {
            throw new StoreException(
                    StoreException.Code.STORE_POSTGRES_TOO_OLD,
                    "PostgreSQL %s is too old; Lockstep needs 15 or newer. Upgrade the server."
                            .formatted(server.versionName),
                    null);
        }
    }

    private static StoreException notDurable(Server server) {
        return new StoreException(
                StoreException.Code.STORE_COMMIT_NOT_DURABLE,
                "The server may lose acknowledged commits: fsync=%s, synchronous_commit=%s. Set both to on."
                        .formatted(server.fsync, server.synchronousCommit),
                null);
    }

    private static Flyway flyway(DataSource dataSource) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:" + FOLDER)
                .defaultSchema("lockstep")
                .schemas("lockstep")
                .table("flyway_history")
                .cleanDisabled(true)
                .load();
    }
}
