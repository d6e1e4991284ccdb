package dev.lockstep.server.cli;

import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.event.EventTypes;
import dev.lockstep.workos.webhook.WebhookEndpoint;
import dev.lockstep.workos.webhook.WebhookEndpointsApi;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code webhooks}: setting the webhook up at WorkOS, trying it out, and handing recorded events on. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        description = "Registers, tests and forwards webhooks.",
        subcommands = {WebhooksCommand.Register.class, WebhooksTestCommand.class, WebhooksForwardCommand.class})
final class WebhooksCommand extends CommandGroup {
    /** {@code webhooks register URL}. */
    @Command(
            name = "register",
            mixinStandardHelpOptions = true,
            description = "Makes the webhook endpoint at WorkOS, or completes the one that has this address. Doing it"
                    + " twice changes nothing.")
    static final class Register implements Callable<Integer> {
        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Option(
                names = "--url",
                required = true,
                description = "Where WorkOS is to send webhooks, https://…/api/webhooks/workos.")
        URI url = URI.create("about:blank");

        @Option(names = "--events", split = ",", description = "Event types (default: all that Lockstep reads).")
        List<String> events = List.of();

        @Option(names = "--show-secret", description = "Prints the signing secret, for WORKOS_WEBHOOK_SECRET.")
        boolean showSecret;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() {
            if (spec != null
                    && (url.getHost() == null || !Set.of("http", "https").contains(url.getScheme()))) {
                throw new ParameterException(spec.commandLine(), "--url is no web address");
            }
            Set<String> wanted = new TreeSet<>(events.isEmpty() ? offered() : events);
            try (WorkOsClient client = target.workOs(InstantSource.system())) {
                WebhookEndpointsApi api = new WebhookEndpointsApi(client);
                @Nullable
                WebhookEndpoint known = api.list().stream()
                        .filter(each -> each.url().equals(url.toString()))
                        .findFirst()
                        .orElse(null);
                if (known == null) {
                    return report("registered", api.create(url, wanted));
                }
                wanted.addAll(known.events());
                return known.enabled() && Set.copyOf(known.events()).equals(wanted)
                        ? report("unchanged", known)
                        : report("completed", api.enable(known.id(), wanted));
            }
        }

        private int report(String outcome, WebhookEndpoint endpoint) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("endpoint", endpoint.id());
            row.put("outcome", outcome);
            row.put("url", endpoint.url());
            row.put("events", endpoint.events().size());
            row.put("secret", endpoint.secret() == null ? null : secret(endpoint));
            Rows.print(EventsCommand.out(spec), List.of(row), json);
            return 0;
        }

        private String secret(WebhookEndpoint endpoint) {
            if (endpoint.secret() == null) {
                return "";
            }
            return showSecret ? endpoint.secret().value() : "hidden, see --show-secret";
        }
    }

    /** Every type that Lockstep reads and WorkOS sends by webhook. */
    static List<String> offered() {
        return EventTypes.recognised().stream().filter(WebhookEndpoint::offers).toList();
    }
}
