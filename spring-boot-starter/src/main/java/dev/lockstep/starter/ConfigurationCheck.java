package dev.lockstep.starter;

import dev.lockstep.sync.tail.TailSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Looks at the whole configuration and lists everything that is missing, contradictory or dangerous, at once. It reads
 * only; it reaches for nothing over the network.
 */
public final class ConfigurationCheck {
    private static final int SHORTEST_PASSWORD = 32;
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    private final ConfigurableEnvironment environment;
    private final boolean databaseGiven;

    /**
     * Prepares the check.
     *
     * @param environment what was configured
     * @param databaseGiven whether the application brings a database of its own, so that none needs to be configured
     */
    public ConfigurationCheck(ConfigurableEnvironment environment, boolean databaseGiven) {
        this.environment = environment;
        this.databaseGiven = databaseGiven;
    }

    /**
     * Returns every problem, each a sentence with the next step, none of them with a secret in it.
     *
     * @return an empty list when the application may start
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(new KnownKeys(environment).unknown());
        KnownEnvironment.clashes(environment)
                .forEach((property, names) -> problems.add(
                        String.join(" and ", names) + " mean the same setting and differ; keep one of them"));
        database(problems);
        LockstepProperties properties;
        try {
            properties = Binder.get(environment).bindOrCreate("lockstep", LockstepProperties.class);
        } catch (BindException e) {
            problems.add(e.getName() + " has a value that cannot be read as " + simpleName(e)
                    + "; correct it, the other settings are looked at after that");
            return problems;
        }
        workos(properties, problems);
        problems.addAll(new SessionCheck(environment).problems(properties));
        freshness(properties.freshness(), properties.sync(), problems);
        if (!properties.webhook().allowedAddresses().stream()
                .allMatch(address -> ADDRESS.matcher(address).matches())) {
            problems.add(
                    "lockstep.webhook.allowed-addresses has an entry that is no IP address; write single addresses,"
                            + " separated by commas");
        }
        positive("lockstep.live.action-timeout", properties.live().actionTimeout(), problems);
        if (properties.live().heldSnapshots() < 0) {
            problems.add("lockstep.live.held-snapshots is below 0; 0 holds none");
        }
        String auditKey = properties.audit().key();
        if (auditKey != null && auditKey.length() < SHORTEST_PASSWORD) {
            problems.add("LOCKSTEP_AUDIT_KEY is " + auditKey.length() + " characters long; it needs at least 32");
        }
        return problems;
    }

    private void database(List<String> problems) {
        if (KnownEnvironment.unreadableDatabaseUrl(environment)) {
            problems.add("DATABASE_URL cannot be read; write it as postgres://user:password@host:5432/name");
        } else if (!databaseGiven && isBlank(environment.getProperty("spring.datasource.url"))) {
            problems.add("DATABASE_URL is missing; set it to postgres://user:password@host:5432/name");
        }
    }

    private static String simpleName(BindException e) {
        Class<?> type = e.getTarget().getType().resolve();
        return type == null ? "its type" : type.getSimpleName();
    }

    private static void workos(LockstepProperties properties, List<String> problems) {
        LockstepProperties.WorkOs workos = properties.workos();
        if (isBlank(workos.apiKey())) {
            problems.add("WORKOS_API_KEY is missing; copy the secret key (sk_…) from the WorkOS dashboard, API keys");
        }
        if (isBlank(workos.clientId())) {
            problems.add("WORKOS_CLIENT_ID is missing; copy it (client_…) from the WorkOS dashboard, API keys");
        }
        if (workos.webhookSecrets().isEmpty()) {
            problems.add("WORKOS_WEBHOOK_SECRET is missing; create a webhook endpoint for /api/webhooks/workos in the"
                    + " WorkOS dashboard and copy its signing secret");
        }
        URI redirect = workos.redirectUri();
        if (redirect == null) {
            problems.add("WORKOS_REDIRECT_URI is missing; set it to the callback that the WorkOS dashboard lists, such"
                    + " as https://app.example.com/api/auth/callback");
        } else {
            absolute("WORKOS_REDIRECT_URI", redirect, problems);
            otherRedirects(properties, problems);
        }
        if (properties.publicUrl() != null) {
            absolute("lockstep.public-url", properties.publicUrl(), problems);
        }
    }

    /** A callback elsewhere would not be sent the cookie that its sign-in began with. */
    private static void otherRedirects(LockstepProperties properties, List<String> problems) {
        String domain = properties.session().domain();
        for (URI other : properties.workos().otherRedirectUris()) {
            int before = problems.size();
            absolute("lockstep.workos.other-redirect-uris", other, problems);
            String host = other.getHost();
            boolean ours = host != null
                    && (host.equals(properties.origin().getHost())
                            || (domain != null && (host.equals(domain) || host.endsWith("." + domain))));
            if (problems.size() == before && !ours) {
                problems.add("lockstep.workos.other-redirect-uris names a host that cookies of this site do not reach;"
                        + " use the host of WORKOS_REDIRECT_URI, or set WORKOS_COOKIE_DOMAIN to the domain of both");
            }
        }
    }

    private static void absolute(String name, URI uri, List<String> problems) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            problems.add(name + " is not an absolute http(s) address; write it with scheme and host");
        } else if (scheme.equals("http") && !isLoopback(uri.getHost())) {
            problems.add(name + " is plain http on a host that is not this machine; use https, sessions would travel"
                    + " in the clear");
        }
    }

    /** Returns whether what travels to that address is safe from listeners: https, or this very machine. */
    static boolean isSafe(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost();
        return scheme.equals("https") || (scheme.equals("http") && isLoopback(host));
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || LOOPBACK.matcher(host).matches() || host.equals("[::1]");
    }

    private static void freshness(
            LockstepProperties.Freshness freshness, LockstepProperties.Sync sync, List<String> problems) {
        positive("lockstep.freshness.ask-timeout", freshness.askTimeout(), problems);
        positive("lockstep.freshness.await-timeout", freshness.awaitTimeout(), problems);
        if (freshness.maxWaiters() < 1) {
            problems.add("lockstep.freshness.max-waiters is " + freshness.maxWaiters() + "; set it to 1 or more");
        }
        // A healthy mirror is as old as WorkOS holds events back, and up to one interval of the tail.
        Duration least = sync.pollInterval()
                .multipliedBy(2)
                .plus(TailSettings.defaults("any").holdBack());
        if (freshness.maxStaleness().compareTo(least) < 0) {
            problems.add("lockstep.freshness.max-staleness is "
                    + freshness.maxStaleness().toSeconds()
                    + " s, and even a healthy mirror is up to " + least.toSeconds()
                    + " s old (two poll intervals and the hold-back of WorkOS); raise it");
        }
    }

    private static void positive(String name, Duration value, List<String> problems) {
        if (!value.isPositive()) {
            problems.add(name + " is not positive; set it to 2s or so");
        }
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }
}
