package dev.lockstep.testing;

import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database on a real PostgreSQL for JUnit: one server per test run, one database per extension object.
 *
 * <p>In a static field the database serves the whole class; in an instance field every test gets its own. The session
 * time zone is not UTC. The server keeps every acknowledged commit when its process is killed, so crash tests are true.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PostgresExtension postgres = PostgresExtension.empty();
 * }</pre>
 */
public final class PostgresExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(PostgresExtension.class);

    private final String database = "t_" + UUID.randomUUID().toString().replace("-", "");
    private final TestPool pool = new TestPool();
    private final @Nullable Template template;
    private @Nullable SharedCluster cluster;
    private boolean perTest;

    private record Template(String name, Consumer<DataSource> preparation) {}

    private PostgresExtension(@Nullable Template template) {
        this.template = template;
    }

    /** An empty database. */
    public static PostgresExtension empty() {
        return new PostgresExtension(null);
    }

    /**
     * A database that is a copy of a template. Cheap where many tests need the same schema.
     *
     * @param name tells templates apart within the run; letters, digits and underscores
     * @param preparation fills the template, once per run and name
     */
    public static PostgresExtension copyOf(String name, Consumer<DataSource> preparation) {
        if (!name.matches("[A-Za-z0-9_]{1,40}")) {
            throw new IllegalArgumentException("a template name has 1 to 40 letters, digits or underscores: " + name);
        }
        return new PostgresExtension(new Template("template_" + name.toLowerCase(Locale.ROOT), preparation));
    }

    /**
     * A pool of connections to the database. It may be passed on before the tests begin, and used from the first
     * before-all method on.
     */
    public DataSource dataSource() {
        return pool.dataSource();
    }

    /** The database's address without user and password. Only once the tests run. */
    public String jdbcUrl() {
        return cluster().jdbcUrl(database);
    }

    /** The owner of the database. Only once the tests run. */
    public String username() {
        return cluster().username();
    }

    /** The owner's password. Only once the tests run. */
    public String password() {
        return cluster().password();
    }

    /** Kills the server of the whole run; it stays down until {@link #bringBack}. */
    public void crash() {
        cluster().crash();
    }

    /** Stops the server of the whole run in order; it stays down until {@link #bringBack}. */
    public void stop() {
        cluster().stop();
    }

    /** Starts the server again on the same address. Returns once it accepts connections. */
    public void bringBack() {
        cluster().bringBack();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (cluster == null) {
            create(context);
            // A static field in a base class serves several classes, so the pool lives as long as the run.
            context.getRoot().getStore(NAMESPACE).put(database, pool);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (cluster == null) {
            create(context);
            perTest = true;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (perTest) {
            pool.close();
            cluster().dropDatabase(database);
        }
    }

    private void create(ExtensionContext context) {
        SharedCluster shared = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedCluster.class, ignored -> SharedCluster.start(), SharedCluster.class);
        if (template == null) {
            shared.createDatabase(database);
        } else {
            shared.createDatabase(database, template.name(), template.preparation());
        }
        pool.connectTo(shared.jdbcUrl(database), shared.username(), shared.password());
        cluster = shared;
    }

    private SharedCluster cluster() {
        SharedCluster started = cluster;
        if (started == null) {
            throw new IllegalStateException("the database is there once the tests run. Annotate the field with"
                    + " @RegisterExtension, and ask for its address in a test or a before-method.");
        }
        return started;
    }
}
