package dev.lockstep.examples.spring;

import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application on a real PostgreSQL, with the double in the place of WorkOS, which tells it everything by webhook.
 *
 * @param home where it answers
 */
record RunningExample(WorkOsDouble workOs, ConfigurableApplicationContext application, URI home)
        implements AutoCloseable {

    /** Closing the result stops the double too. */
    static RunningExample start(PostgresExtension postgres, WorkOsDouble workOs) throws IOException {
        URI home = URI.create("http://localhost:" + freePort());
        ConfigurableApplicationContext application = SpringApplication.run(
                ProjectsApplication.class,
                "--server.address=127.0.0.1",
                "--server.port=" + home.getPort(),
                "--spring.datasource.url=" + postgres.jdbcUrl(),
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--lockstep.store.require-durable=false",
                "--lockstep.workos.api-base-url=" + workOs.baseUrl(),
                "--lockstep.workos.api-key=" + workOs.apiKey(),
                "--lockstep.workos.client-id=" + workOs.clientId(),
                "--lockstep.workos.webhook-secrets=" + workOs.webhookSecret(),
                "--lockstep.workos.redirect-uri=" + home.resolve("/api/auth/callback"),
                "--lockstep.session.passwords[0]=example-cookie-password-at-least-32-chars");
        workOs.deliverWebhooksTo(home.resolve("/api/webhooks/workos"));
        return new RunningExample(workOs, application, home);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        application.close();
        workOs.close();
    }
}
