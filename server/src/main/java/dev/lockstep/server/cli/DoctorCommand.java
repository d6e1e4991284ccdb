package dev.lockstep.server.cli;

import dev.lockstep.starter.ConfigurationCheck;
import dev.lockstep.starter.ProductionCheck;
import dev.lockstep.store.Database;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.webhook.WebhookEndpoint;
import dev.lockstep.workos.webhook.WebhookEndpointsApi;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at everything a set-up needs and says, for each thing that is wrong, what to do. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks configuration, database and WorkOS, all problems at once.")
final class DoctorCommand implements Callable<Integer> {
    private static final double LARGEST_CLOCK_DIFFERENCE = 5;
    private static final List<String> WEBHOOK_PATHS = List.of("/api/webhooks/workos", "/webhooks/workos");

    private static final String STATE = """
            SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS durable,
              (SELECT count(*) FROM lockstep.inbox WHERE state IN ('new', 'retry')) AS waiting,
              (SELECT count(*) FROM lockstep.inbox WHERE state = 'parked') AS parked,
              current_setting('fsync') AS fsync,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
              extract(epoch FROM clock_timestamp()) AS clock,
              (SELECT round(extract(epoch FROM now() - max(polled_at))) FROM lockstep.cursor) AS poll_age
            """;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Option(names = "--prod", description = "Also names what is wrong only where strangers come by.")
    boolean production;

    private int problems;

    @Override
    public Integer call() {
        PrintWriter out = EventsCommand.out(spec);
        if (target.isConfigured()
                || target.optional("database.url", "database.url").isEmpty()) {
            List<String> found = new ConfigurationCheck(target.environment(), false).problems();
            found.forEach(problem -> bad(out, problem));
            if (found.isEmpty()) {
                good(out, "configuration is complete");
            }
            if (production) {
                var check = new ProductionCheck(target.environment());
                check.problems().forEach(problem -> bad(out, problem));
                check.notes().forEach(note -> out.println("  note  " + note));
            }
            if (!target.isConfigured()) {
                return finish(out);
            }
        } else {
            good(out, "no DATABASE_URL is set: looking at the demo in " + target.data);
        }
        database(out);
        workOs(out);
        return finish(out);
    }

    private void database(PrintWriter out) {
        try {
            Database database = target.database();
            var state = database.read(tx -> tx.sql(STATE).query().singleRow());
            good(out, "PostgreSQL " + state.get("version") + " answers, the schema is there");
            if ("off".equals(state.get("durable"))) {
                bad(out, "synchronous_commit is off, acknowledged events may be lost; set it to on");
            }
            if (production) {
                production(out, state);
            }
            good(out, state.get("waiting") + " events wait in the inbox");
            if (!Long.valueOf(0).equals(state.get("parked"))) {
                bad(
                        out,
                        state.get("parked")
                                + " events are parked; look at them with: lockstep events list --state parked");
            }
            Object age = state.get("poll_age");
            if (age == null) {
                bad(out, "the Events tail has never reached the end; start the server and look at its log");
            } else {
                good(out, "the Events tail polled " + age + " s ago");
            }
        } catch (DataAccessException e) {
            String step = target.isConfigured()
                    ? "check DATABASE_URL, and start the server once so that it makes the schema"
                    : "start the demo: ./lockstep demo";
            bad(out, "the database cannot be read (" + e.getClass().getSimpleName() + "); " + step);
        }
    }

    private void production(PrintWriter out, Map<String, @Nullable Object> state) {
        if ("off".equals(state.get("fsync"))) {
            bad(out, "fsync is off, the database may not survive a power cut; set it to on");
        }
        if (Boolean.TRUE.equals(state.get("superuser"))) {
            bad(out, "the database role is a superuser; use one that owns its schemas and nothing else");
        }
        if (state.get("clock") instanceof Number seconds) {
            double difference =
                    Math.abs(seconds.doubleValue() - InstantSource.system().millis() / 1000.0);
            if (difference > LARGEST_CLOCK_DIFFERENCE) {
                bad(
                        out,
                        "the clocks of this machine and of the database differ by " + Math.round(difference)
                                + " s; tokens and leases need them together, run NTP on both");
            }
        }
    }

    private void workOs(PrintWriter out) {
        WorkOsSettings settings = WorkOsSettings.of(
                        new ApiKey(target.required("lockstep.workos.api-key", "workos.api-key")),
                        target.required("lockstep.workos.client-id", "workos.client-id"))
                .withBaseUrl(URI.create(target.optional("lockstep.workos.api-base-url", "workos.url")
                        .orElse("https://api.workos.com")));
        try (WorkOsClient client =
                WorkOsClient.open(settings, RateBudget.forEnvironment(), InstantSource.system(), new SecureRandom())) {
            new SigningKeysApi(client).document();
            good(out, "WorkOS answers at " + settings.baseUrl() + " and knows the client id");
            webhooks(out, new WebhookEndpointsApi(client).list());
            if (client.drift().alarms()) {
                bad(
                        out,
                        "the clock of this machine and WorkOS's differ by "
                                + client.drift().last().map(Duration::toSeconds).orElse(0L)
                                + " s; good tokens and webhooks may be refused, run NTP");
            }
        } catch (WorkOsException e) {
            bad(out, e.problem().code() + ": " + e.problem().message());
            if (!target.isConfigured()) {
                out.println("        the double answers only while the demo runs: ./lockstep demo");
            }
        }
    }

    /** Without webhooks everything still arrives, later; so a missing endpoint is a note and a wrong one a problem. */
    private void webhooks(PrintWriter out, List<WebhookEndpoint> endpoints) {
        List<WebhookEndpoint> ours = endpoints.stream()
                .filter(each -> WEBHOOK_PATHS.stream().anyMatch(each.url()::endsWith))
                .toList();
        if (ours.isEmpty()) {
            out.println("  note  WorkOS has no webhook endpoint that ends in " + WEBHOOK_PATHS.getFirst()
                    + "; changes come by the Events tail alone, some seconds later."
                    + " Make one with: lockstep webhooks register --url …");
        }
        for (WebhookEndpoint endpoint : ours) {
            Set<String> missing = new TreeSet<>(WebhooksCommand.offered());
            if (endpoint.events().isEmpty()) {
                missing.clear();
            }
            missing.removeAll(endpoint.events());
            if (!endpoint.enabled()) {
                bad(
                        out,
                        "the webhook endpoint " + endpoint.url()
                                + " is switched off; mend it with: lockstep webhooks register --url " + endpoint.url());
            } else if (!missing.isEmpty()) {
                bad(
                        out,
                        "the webhook endpoint " + endpoint.url() + " leaves out " + missing.size()
                                + " kinds of events (" + missing.iterator().next()
                                + " …); mend it with: lockstep webhooks register --url " + endpoint.url());
            } else {
                good(out, "WorkOS sends webhooks to " + endpoint.url());
            }
            if (production && endpoint.url().startsWith("http:")) {
                bad(out, "the webhook endpoint " + endpoint.url() + " is plain http; register it with https");
            }
        }
    }

    private void good(PrintWriter out, String sentence) {
        out.println("  ok    " + sentence);
    }

    private void bad(PrintWriter out, String sentence) {
        problems++;
        out.println("  WRONG " + sentence);
    }

    private int finish(PrintWriter out) {
        out.println(problems == 0 ? "all well" : problems + " to mend");
        out.flush();
        return problems == 0 ? 0 : 2;
    }
}
