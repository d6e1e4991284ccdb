package dev.lockstep.starter;

import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.login.ReturnPath;
import dev.lockstep.session.problem.SessionProblem;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** What is wrong or dangerous in the settings of sessions, sign-in and what stands around them. Shows no value. */
final class SessionCheck {
    private static final int SHORTEST_PASSWORD = 32;
    private static final int MOST_HOPS = 10;
    private static final int MOST_PER_MINUTE = 1_000_000;
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.-]+(:\\d{1,5})?");
    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(5);
    /** Passwords that stand in documents for everybody to copy. */
    private static final Set<String> KNOWN_PASSWORDS = Set.of(
            "this-is-at-least-thirty-two-chars!",
            "complex_password_at_least_32_characters_long",
            "test-cookie-password-at-least-32-chars!!",
            "your-secure-password-at-least-32-characters",
            "a-very-long-password-that-is-at-least-32-characters",
            "<your-secure-password-here-min-32-chars>",
            "password-must-be-at-least-32-characters-long");
    /** Parts of the inside that must never be had at the address that visitors use. */
    private static final Set<String> INSIDE = Set.of(
            "*",
            "env",
            "heapdump",
            "threaddump",
            "configprops",
            "beans",
            "loggers",
            "prometheus",
            "lockstep",
            "shutdown");

    private final Environment environment;

    SessionCheck(Environment environment) {
        this.environment = environment;
    }

    List<String> problems(LockstepProperties properties) {
        var problems = new ArrayList<String>();
        passwords(properties, problems);
        cookie(properties, problems);
        paths(properties.auth(), problems);
        origins(properties.live().allowedOrigins(), problems);
        web(properties.web(), problems);
        numbers(properties, problems);
        around(problems);
        return problems;
    }

    private static void passwords(LockstepProperties properties, List<String> problems) {
        List<String> passwords = properties.session().passwords();
        if (passwords.isEmpty()) {
            problems.add("WORKOS_COOKIE_PASSWORD is missing; make one with: openssl rand -base64 32");
        }
        for (String password : passwords) {
            if (password.length() < SHORTEST_PASSWORD) {
                problems.add("WORKOS_COOKIE_PASSWORD is " + password.length()
                        + " characters long; it needs at least 32, make one with: openssl rand -base64 32");
            } else if (password.chars().distinct().count() < 8) {
                problems.add("WORKOS_COOKIE_PASSWORD repeats a few characters; make one with: openssl rand -base64 32");
            } else if (KNOWN_PASSWORDS.contains(password.toLowerCase(Locale.ROOT))) {
                problems.add("WORKOS_COOKIE_PASSWORD is an example from a document; make one with: openssl rand"
                        + " -base64 32");
            }
            if (password.equals(properties.audit().key())
                    || password.equals(properties.workos().apiKey())) {
                problems.add("WORKOS_COOKIE_PASSWORD is also used for something else; give each use its own secret");
            }
        }
        if (Set.copyOf(passwords).size() < passwords.size()) {
            problems.add(
                    "WORKOS_COOKIE_PASSWORD and the ones beside it must differ; remove the one that is there twice");
        }
    }

    private static void cookie(LockstepProperties properties, List<String> problems) {
        LockstepProperties.Session session = properties.session();
        String sameSite = session.sameSite().toLowerCase(Locale.ROOT);
        if (!List.of("lax", "strict").contains(sameSite)) {
            problems.add("WORKOS_COOKIE_SAMESITE is neither lax nor strict; lax is the default");
        }
        origin(properties).ifPresent(origin -> {
            try {
                new CookieSettings(
                        session.cookieName(), origin, session.maxAge(), CookieSettings.SameSite.LAX, session.domain());
            } catch (SessionProblem problem) {
                problems.addAll(problem.reasons());
            }
        });
    }

    /** The public origin, when it is one that a cookie can live on; what is wrong with it is said elsewhere. */
    private static Optional<String> origin(LockstepProperties properties) {
        URI from = properties.publicUrl() != null
                ? properties.publicUrl()
                : properties.workos().redirectUri();
        if (from == null || from.getHost() == null || !ConfigurationCheck.isSafe(from)) {
            return Optional.empty();
        }
        return Optional.of(properties.origin().toString());
    }

    private static void paths(LockstepProperties.Auth auth, List<String> problems) {
        path("lockstep.auth.default-return-to", auth.defaultReturnTo(), problems);
        path("lockstep.auth.post-logout-path", auth.postLogoutPath(), problems);
        path("lockstep.auth.login-path", auth.loginPath(), problems);
        if (auth.adminRoles().stream().anyMatch(String::isBlank)) {
            problems.add("lockstep.auth.admin-roles has a blank role; name role slugs of WorkOS");
        }
    }

    private static void path(String name, String path, List<String> problems) {
        if (!path.equals(ReturnPath.of(path))) {
            problems.add(name + " is not a path of this site; begin it with one slash");
        }
    }

    private static void origins(List<String> origins, List<String> problems) {
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                problems.add("lockstep.live.allowed-origins holds something that is not one origin; write scheme and"
                        + " host in small letters, such as https://admin.example.com, never a star");
            } else if (origin.startsWith("http://") && !ConfigurationCheck.isSafe(URI.create(origin))) {
                problems.add("lockstep.live.allowed-origins holds a plain http origin on a host that is not this"
                        + " machine; use https");
            }
        }
    }

    private static void web(LockstepProperties.Web web, List<String> problems) {
        for (String origin : web.corsOrigins()) {
            OriginPatterns.problem(origin).ifPresent(wrong -> problems.add("lockstep.web.cors-origins " + wrong));
        }
        for (String host : web.hosts()) {
            OriginPatterns.hostProblem(host).ifPresent(wrong -> problems.add("lockstep.web.hosts " + wrong));
        }
    }

    private static void numbers(LockstepProperties properties, List<String> problems) {
        spans(properties, problems);
        between("lockstep.proxy.hops", properties.proxy().hops(), 0, MOST_HOPS, problems);
        between("lockstep.limits.sign-ins", properties.limits().signIns(), 1, MOST_PER_MINUTE, problems);
        between("lockstep.limits.session-calls", properties.limits().sessionCalls(), 1, MOST_PER_MINUTE, problems);
    }

    private static void spans(LockstepProperties properties, List<String> problems) {
        Duration idle = properties.session().idle();
        if (idle.isNegative() || (idle.isPositive() && idle.compareTo(SHORTEST_IDLE) < 0)) {
            problems.add("lockstep.session.idle is " + idle.toSeconds() + " s; choose 5m or more, or 0s for none");
        }
        Duration window = properties.limits().window();
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            problems.add("lockstep.limits.window is " + window.toMillis() + " ms; choose 1s to 1d");
        }
        if (properties.flags().pollInterval().compareTo(SHORTEST_POLL) < 0) {
            problems.add("lockstep.flags.poll-interval is "
                    + properties.flags().pollInterval().toSeconds() + " s; choose 5s or more");
        }
    }

    private static void between(String name, int value, int least, int most, List<String> problems) {
        if (value < least || value > most) {
            problems.add(name + " is " + value + "; choose " + least + " to " + most);
        }
    }

    /** Settings of the framework that would show the inside to visitors. */
    private void around(List<String> problems) {
        String port = environment.getProperty("management.server.port");
        boolean samePort = port == null || port.equals(environment.getProperty("server.port"));
        if (samePort && exposed(environment.getProperty("management.endpoints.web.exposure.include"))) {
            problems.add("management.endpoints.web.exposure.include shows the inside at the address of visitors; set"
                    + " management.server.port to a port of its own, or expose health only");
        }
    }

    private static boolean exposed(@Nullable String endpoints) {
        return endpoints != null
                && List.of(endpoints.split(",")).stream().map(String::strip).anyMatch(INSIDE::contains);
    }
}
