package dev.lockstep.server.cli;

import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.starter.KnownEnvironment;
import dev.lockstep.store.Database;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.webhook.WebhookSecret;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine.Option;

/**
 * What an operator's verb works on: the set-up that the environment names, or else the demo that keeps its data in the
 * given folder. It opens nothing until asked.
 */
final class Target {
    @Option(
            names = "--data",
            defaultValue = ".lockstep/demo",
            description = "The demo's folder, used when DATABASE_URL is not set (default: ${DEFAULT-VALUE}).")
    Path data = Path.of(".lockstep/demo");

    private final StandardEnvironment environment = new StandardEnvironment();

    Target() {
        new KnownEnvironment().postProcessEnvironment(environment, new SpringApplication());
    }

    StandardEnvironment environment() {
        return environment;
    }

    /** Says whether the environment names a database; otherwise the demo is meant. */
    boolean isConfigured() {
        return environment.getProperty("spring.datasource.url") != null;
    }

    Database database() {
        return new Database(source());
    }

    /** Where what an operator asks for is recorded. */
    OperatorLog operatorLog() {
        Optional<String> key = optional("lockstep.audit.key", "audit-key").filter(secret -> !secret.isBlank());
        return new OperatorLog(this::database, key, System.getProperty("user.name", "unknown"));
    }

    /** A connection of its own for each transaction. */
    PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(required("spring.datasource.url", "database.url"));
        optional("spring.datasource.username", "database.username").ifPresent(source::setUser);
        optional("spring.datasource.password", "database.password").ifPresent(source::setPassword);
        source.setConnectTimeout(5);
        source.setSocketTimeout(30);
        return source;
    }

    /** Opens the way to WorkOS, or to the double of the running demo. */
    WorkOsClient workOs(InstantSource clock) {
        WorkOsSettings settings = WorkOsSettings.of(
                        new ApiKey(required("lockstep.workos.api-key", "workos.api-key")),
                        required("lockstep.workos.client-id", "workos.client-id"))
                .withBaseUrl(URI.create(
                        optional("lockstep.workos.api-base-url", "workos.url").orElse("https://api.workos.com")));
        return WorkOsClient.open(settings, RateBudget.forEnvironment(), clock, new SecureRandom());
    }

    /** The current secret for webhooks, when there is one. */
    Optional<WebhookSecret> webhookSecret() {
        return optional("lockstep.workos.webhook-secrets", "workos.webhook-secret")
                .map(list -> list.split(",", -1)[0].strip())
                .filter(secret -> !secret.isEmpty())
                .map(WebhookSecret::new);
    }

    /** Returns a value of the environment, or, without a configured database, one of the running demo. */
    Optional<String> optional(String property, String note) {
        @Nullable String set = environment.getProperty(property);
        if (set != null || isConfigured()) {
            return Optional.ofNullable(set);
        }
        return new DemoFolder(data.toAbsolutePath().normalize(), new SecureRandom()).note(note);
    }

    String required(String property, String note) {
        return optional(property, note)
                .orElseThrow(() -> new IllegalStateException(
                        "Nothing to work on: set DATABASE_URL, or start the demo (./lockstep demo) and name its folder"
                                + " with --data"));
    }
}
