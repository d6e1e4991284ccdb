package dev.lockstep.server.demo;

import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.server.ServerApplication;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The whole story in one process: PostgreSQL, a WorkOS of its own, and the server. Everything it acknowledges is on
 * disk below its folder. Closing it stops all three, the database last.
 */
public final class Demo implements AutoCloseable {
    private final KeptPostgres postgres;
    private final WorkOsDouble workOs;
    private final ConfigurableApplicationContext application;
    private final URI address;

    private Demo(KeptPostgres postgres, WorkOsDouble workOs, ConfigurableApplicationContext application, URI address) {
        this.postgres = postgres;
        this.workOs = workOs;
        this.application = application;
        this.address = address;
    }

    /**
     * Starts all parts and returns when the server answers.
     *
     * @param folder keeps what must survive
     * @param port the server's port on this machine; it must be free
     * @param overrides further properties of the server, they win
     */
    public static Demo start(DemoFolder folder, int port, Map<String, Object> overrides) {
        folder.prepare();
        KeptPostgres postgres = KeptPostgres.start(EmbeddedPostgresSettings.in(folder.binaries(), folder.database()));
        WorkOsDouble workOs = null;
        try {
            workOs = startWorkOs(folder);
            URI address = URI.create("http://localhost:" + port);
            ConfigurableApplicationContext application =
                    startServer(workOs, properties(folder, postgres, workOs, address, overrides));
            workOs.deliverWebhooksTo(address.resolve("/api/webhooks/workos"));
            note(folder, postgres, workOs, address);
            return new Demo(postgres, workOs, application, address);
        } catch (RuntimeException | Error failure) {
            if (workOs != null) {
                workOs.close();
            }
            postgres.close();
            throw failure;
        }
    }

    private static WorkOsDouble startWorkOs(DemoFolder folder) {
        WorkOsDouble workOs = WorkOsDouble.start(
                DoubleSettings.builder().folder(folder.workOs()).build());
        workOs.seedDemo();
        return workOs;
    }

    private static ConfigurableApplicationContext startServer(WorkOsDouble workOs, Map<String, Object> properties) {
        return new SpringApplicationBuilder(ServerApplication.class)
                .properties(properties)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers(
                        context -> ((GenericApplicationContext) context).registerBean(WorkOsDouble.class, () -> workOs))
                .run(arguments(properties));
    }

    /** Command-line arguments outrank the environment, so that a WORKOS_API_KEY lying about cannot reach the demo. */
    private static String[] arguments(Map<String, Object> properties) {
        return properties.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
    }

    private static Map<String, Object> properties(
            DemoFolder folder, KeptPostgres postgres, WorkOsDouble workOs, URI address, Map<String, Object> overrides) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", address.getPort());
        properties.put("server.address", "127.0.0.1");
        properties.put("management.server.port", -1);
        properties.put("spring.datasource.url", postgres.jdbcUrl());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put("lockstep.public-url", address);
        properties.put("lockstep.workos.api-key", workOs.apiKey());
        properties.put("lockstep.workos.client-id", workOs.clientId());
        properties.put("lockstep.workos.api-base-url", workOs.baseUrl());
        properties.put("lockstep.workos.redirect-uri", address.resolve("/api/auth/callback"));
        properties.put("lockstep.workos.webhook-secrets", workOs.webhookSecret());
        properties.put("lockstep.session.passwords[0]", folder.secret("cookie-password"));
        properties.put("lockstep.audit.key", folder.secret("audit-key"));
        properties.put("lockstep.sync.poll-interval", "2s");
        properties.put("lockstep.limits.sign-ins", 6_000);
        properties.put("lockstep.limits.session-calls", 60_000);
        properties.put("lockstep.limits.handshakes", 600_000);
        properties.put("logging.file.name", folder.log());
        properties.put("logging.threshold.console", "ERROR");
        properties.putAll(overrides);
        return properties;
    }

    private static void note(DemoFolder folder, KeptPostgres postgres, WorkOsDouble workOs, URI address) {
        folder.note("address", address.toString());
        folder.note("database.url", postgres.jdbcUrl());
        folder.note("database.username", postgres.username());
        folder.note("database.password", postgres.password());
        folder.note("workos.url", workOs.baseUrl().toString());
        folder.note("workos.api-key", workOs.apiKey());
        folder.note("workos.client-id", workOs.clientId());
        folder.note("workos.webhook-secret", workOs.webhookSecret());
    }

    public URI address() {
        return address;
    }

    public KeptPostgres postgres() {
        return postgres;
    }

    public WorkOsDouble workOs() {
        return workOs;
    }

    public ConfigurableApplicationContext application() {
        return application;
    }

    @Override
    public void close() {
        try {
            application.close();
        } finally {
            try {
                workOs.close();
            } finally {
                postgres.close();
            }
        }
    }
}
