package dev.lockstep.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * What is fine on one's own machine and wrong where strangers come by. Looks at settings only; whether they work at all
 * is {@link ConfigurationCheck}'s job. Shows no value.
 */
public final class ProductionCheck {
    private static final Set<String> TALKATIVE = Set.of("trace", "debug");

    private final ConfigurableEnvironment environment;

    public ProductionCheck(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** Returns every problem, each a sentence with the next step; nothing when the settings cannot even be read. */
    public List<String> problems() {
        LockstepProperties properties;
        try {
            properties = Binder.get(environment).bindOrCreate("lockstep", LockstepProperties.class);
        } catch (BindException unreadable) {
            return List.of();
        }
        var problems = new ArrayList<String>();
        LockstepProperties.WorkOs workos = properties.workos();
        if (workos.redirectUri() != null && !"https".equals(properties.origin().getScheme())) {
            problems.add("the public address is plain http; sessions would travel in the clear, use https");
        }
        if (workos.apiKey() != null && workos.apiKey().startsWith("sk_test_")) {
            problems.add("WORKOS_API_KEY belongs to a test environment; use the key of the production one");
        }
        if (!"https".equals(workos.apiBaseUrl().getScheme())) {
            problems.add("lockstep.workos.api-base-url is plain http; the secret key would travel in the clear");
        }
        if (properties.audit().key() == null) {
            problems.add(
                    "LOCKSTEP_AUDIT_KEY is missing, so no audit log is written; make one with: openssl rand -base64"
                            + " 32");
        }
        if (!properties.store().requireDurable()) {
            problems.add("lockstep.store.require-durable is off; acknowledged events may be lost, switch it on");
        }
        talkative(environment, problems);
        return problems;
    }

    /** Returns what is worth knowing and no mistake. */
    public List<String> notes() {
        var notes = new ArrayList<String>();
        LockstepProperties properties;
        try {
            properties = Binder.get(environment).bindOrCreate("lockstep", LockstepProperties.class);
        } catch (BindException unreadable) {
            return notes;
        }
        if (properties.proxy().hops() == 0) {
            notes.add("X-Forwarded-For is not looked at; with a proxy in front set lockstep.proxy.hops, or all visitors"
                    + " share one limit");
        }
        if (properties.session().passwords().size() > 1) {
            notes.add("the cookie password is being changed; ./lockstep keys rotate says what comes next");
        }
        return notes;
    }

    private static void talkative(Environment environment, List<String> problems) {
        boolean debug = Boolean.parseBoolean(environment.getProperty("debug"))
                || Boolean.parseBoolean(environment.getProperty("trace"));
        for (String logger : List.of("root", "org.springframework", "org.eclipse.jetty", "dev.lockstep")) {
            String level = environment.getProperty("logging.level." + logger, "");
            debug |= TALKATIVE.contains(level.toLowerCase(Locale.ROOT));
        }
        if (debug) {
            problems.add("debugging logs are on; they are slow and say more than they should, set LOG_LEVEL to info");
        }
    }
}
