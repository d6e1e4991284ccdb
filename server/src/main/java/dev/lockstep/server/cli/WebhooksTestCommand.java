package dev.lockstep.server.cli;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.sync.inbox.InboxDepth;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.webhook.WebhookEndpoint;
import dev.lockstep.workos.webhook.WebhookEndpointsApi;
import dev.lockstep.workos.webhook.WebhookPost;
import dev.lockstep.workos.webhook.WebhookSecret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code webhooks test}: is the endpoint registered, does it take what is signed and refuse what is not. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description =
                "Checks the webhook endpoint at WorkOS and sends it two events that mean nothing: a signed one, which"
                        + " must be stored, and a forged one, which must be refused.",
        footer = {"", "Exit code 1 when a check fails."})
final class WebhooksTestCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    Target target = new Target();

    @Option(names = "--url", description = "The endpoint (default: /api/webhooks/workos beside the redirect URI).")
    @Nullable
    URI url;

    @Option(names = "--json", description = "One JSON object a check.")
    boolean json;

    private final List<Map<String, @Nullable Object>> checks = new ArrayList<>();

    @Override
    public Integer call() {
        InstantSource clock = InstantSource.system();
        URI endpoint = url == null ? ownEndpoint() : url;
        registered(endpoint, clock);
        delivered(endpoint, clock);
        Rows.print(EventsCommand.out(spec), checks, json);
        return checks.stream().allMatch(check -> Boolean.TRUE.equals(check.get("ok"))) ? 0 : 1;
    }

    private URI ownEndpoint() {
        return URI.create(target.required("lockstep.workos.redirect-uri", "address"))
                .resolve("/api/webhooks/workos");
    }

    private void registered(URI endpoint, InstantSource clock) {
        try (WorkOsClient client = target.workOs(clock)) {
            List<WebhookEndpoint> here = new WebhookEndpointsApi(client)
                    .list().stream()
                            .filter(each -> each.url().equals(endpoint.toString()))
                            .toList();
            boolean enabled = here.stream().anyMatch(WebhookEndpoint::enabled);
            check(
                    "registered at WorkOS",
                    enabled,
                    here.isEmpty() ? "no endpoint has this address: webhooks register" : enabled ? null : "disabled");
            List<String> missing = WebhooksCommand.offered().stream()
                    .filter(type ->
                            here.stream().noneMatch(each -> each.events().contains(type)))
                    .toList();
            if (!here.isEmpty()) {
                check("every event type", missing.isEmpty(), missing.isEmpty() ? null : "missing: " + missing);
            }
        } catch (WorkOsException e) {
            check(
                    "registered at WorkOS",
                    false,
                    e.problem().code() + ": " + e.problem().message());
        }
    }

    private void delivered(URI endpoint, InstantSource clock) {
        @Nullable WebhookSecret secret = target.webhookSecret().orElse(null);
        if (secret == null) {
            check("accepts what is signed", false, "no secret is set: WORKOS_WEBHOOK_SECRET");
            return;
        }
        EventId id = new EventId("event_test_" + UUID.randomUUID());
        byte[] body = event(id, clock.instant());
        Instant longAgo = clock.instant().minusSeconds(86_400);
        try (WebhookPost genuine = WebhookPost.open(secret, clock);
                WebhookPost forged = WebhookPost.open(new WebhookSecret("forged"), clock);
                WebhookPost old = WebhookPost.open(secret, () -> longAgo)) {
            status("accepts what is signed", genuine.send(endpoint, body), 200);
            status("refuses what is forged", forged.send(endpoint, body), 401);
            status("refuses what is a day old", old.send(endpoint, body), 401);
        }
        Database database = target.database();
        boolean stored =
                database.<Boolean>read(tx -> InboxDepth.isFinished(tx, id).isPresent());
        check("stored in the inbox", stored, stored ? null : "not in the inbox of this database");
    }

    private static byte[] event(EventId id, Instant now) {
        return ("{\"id\":\"" + id.value() + "\",\"event\":\"lockstep.test\",\"data\":{},\"created_at\":\"" + now
                        + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void status(String what, WebhookPost.Outcome outcome, int wanted) {
        switch (outcome) {
            case WebhookPost.Outcome.Answered(int status) -> check(what, status == wanted, "answered " + status);
            case WebhookPost.Outcome.Silent(String reason) -> check(what, false, "no answer: " + reason);
        }
    }

    private void check(String what, boolean ok, @Nullable String detail) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("check", what);
        row.put("ok", ok);
        row.put("detail", detail);
        checks.add(row);
    }
}
