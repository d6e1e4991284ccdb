package dev.lockstep.starter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Understands the environment names that people already have and turns them into Lockstep's properties, below anything
 * that is set outright. It decides nothing else.
 */
public final class KnownEnvironment implements EnvironmentPostProcessor {
    private static final String SOURCE = "lockstepKnownEnvironment";

    private static final List<String> DATABASE = List.of("DATABASE_URL", "DATABASE_URI");

    /** Property, then the names that mean it, the first one winning. */
    private static final Map<String, List<String>> NAMES = Map.ofEntries(
            Map.entry("lockstep.workos.api-key", List.of("WORKOS_API_KEY")),
            Map.entry("lockstep.workos.client-id", List.of("WORKOS_CLIENT_ID")),
            Map.entry(
                    "lockstep.workos.redirect-uri", List.of("WORKOS_REDIRECT_URI", "NEXT_PUBLIC_WORKOS_REDIRECT_URI")),
            Map.entry("lockstep.workos.webhook-secrets", List.of("WORKOS_WEBHOOK_SECRET")),
            Map.entry("lockstep.session.passwords[0]", List.of("WORKOS_COOKIE_PASSWORD", "SESSION_SECRET")),
            Map.entry("lockstep.session.cookie-name", List.of("WORKOS_COOKIE_NAME")),
            Map.entry("lockstep.session.domain", List.of("WORKOS_COOKIE_DOMAIN", "COOKIE_DOMAIN")),
            Map.entry("lockstep.session.same-site", List.of("WORKOS_COOKIE_SAMESITE", "WORKOS_COOKIE_SAME_SITE")),
            Map.entry("lockstep.public-url", List.of("NEXT_PUBLIC_APP_URL")),
            Map.entry("lockstep.limits.sign-ins", List.of("RATE_LIMIT_MAX_REQUESTS")),
            Map.entry("lockstep.audit.key", List.of("LOCKSTEP_AUDIT_KEY")),
            Map.entry("server.port", List.of("PORT")),
            Map.entry("logging.level.root", List.of("LOG_LEVEL")));

    /** What is not one name for one property. */
    private static final List<String> PARTS = List.of(
            "WORKOS_COOKIE_MAX_AGE",
            "WORKOS_COOKIE_PASSWORD_NEXT",
            "WORKOS_COOKIE_PASSWORD_PREVIOUS",
            "WORKOS_API_HOSTNAME",
            "WORKOS_API_HTTPS",
            "WORKOS_API_PORT",
            "RATE_LIMIT_WINDOW_MS");

    /** Returns every name that is understood. */
    static Set<String> names() {
        return Stream.of(NAMES.values().stream().flatMap(List::stream), DATABASE.stream(), PARTS.stream())
                .flatMap(names -> names)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> found = new HashMap<>();
        NAMES.forEach((property, names) -> first(environment, names).ifPresent(value -> found.put(property, value)));
        String maxAge = environment.getProperty("WORKOS_COOKIE_MAX_AGE");
        if (maxAge != null && !maxAge.isBlank()) {
            found.put("lockstep.session.max-age", maxAge + "s");
        }
        String window = environment.getProperty("RATE_LIMIT_WINDOW_MS");
        if (!isBlank(window)) {
            found.put("lockstep.limits.window", window + "ms");
        }
        furtherPasswords(environment, found);
        apiBase(environment, found);
        first(environment, DATABASE).flatMap(DatabaseUrl::properties).ifPresent(found::putAll);
        environment.getPropertySources().addLast(new MapPropertySource(SOURCE, found));
    }

    /** While a password is changed, the coming one and the one before open cookies too. */
    private static void furtherPasswords(ConfigurableEnvironment environment, Map<String, Object> found) {
        int next = 1;
        for (String name : List.of("WORKOS_COOKIE_PASSWORD_NEXT", "WORKOS_COOKIE_PASSWORD_PREVIOUS")) {
            String value = environment.getProperty(name);
            if (!isBlank(value)) {
                found.put("lockstep.session.passwords[" + next++ + "]", value);
            }
        }
    }

    private static void apiBase(ConfigurableEnvironment environment, Map<String, Object> found) {
        String host = environment.getProperty("WORKOS_API_HOSTNAME");
        if (host == null || host.isBlank()) {
            return;
        }
        String scheme = "false".equals(environment.getProperty("WORKOS_API_HTTPS")) ? "http" : "https";
        String port = environment.getProperty("WORKOS_API_PORT");
        found.put(
                "lockstep.workos.api-base-url",
                scheme + "://" + host + (port == null || port.isBlank() ? "" : ":" + port));
    }

    private static java.util.Optional<String> first(ConfigurableEnvironment environment, List<String> names) {
        return names.stream()
                .map(environment::getProperty)
                .filter(value -> value != null && !value.isBlank())
                .findFirst();
    }

    /** Says which names are set to different values although they mean the same. */
    static Map<String, List<String>> clashes(ConfigurableEnvironment environment) {
        Map<String, List<String>> clashes = new LinkedHashMap<>();
        NAMES.forEach((property, names) -> {
            List<String> set = names.stream()
                    .filter(name -> !isBlank(environment.getProperty(name)))
                    .toList();
            if (set.stream().map(environment::getProperty).distinct().count() > 1) {
                clashes.put(property, set);
            }
        });
        return clashes;
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    /** Says whether a database address is set that cannot be read as one. */
    static boolean unreadableDatabaseUrl(ConfigurableEnvironment environment) {
        return first(environment, DATABASE)
                .filter(url -> DatabaseUrl.properties(url).isEmpty())
                .isPresent();
    }
}
