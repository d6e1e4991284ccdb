package dev.lockstep.workos.webhook;

import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where WorkOS sends webhooks.
 *
 * @param id of the endpoint
 * @param url it posts to
 * @param enabled whether it does
 * @param events the types it sends
 * @param secret what it signs with, or null when the answer did not carry it
 */
public record WebhookEndpoint(
        String id,
        String url,
        boolean enabled,
        List<String> events,
        @Nullable WebhookSecret secret) {
    private static final List<String> ONLY_IN_THE_EVENTS_API = List.of(
            "action.",
            "vault.",
            "dsync.token.",
            "authentication.email_verification_failed",
            "authentication.mfa_failed");

    public WebhookEndpoint {
        events = List.copyOf(events);
    }

    /** Whether WorkOS sends this type by webhook at all; the others are in the Events API only. */
    public static boolean offers(String type) {
        return ONLY_IN_THE_EVENTS_API.stream().noneMatch(type::startsWith);
    }

    /** Reads what the API answers. */
    public static WebhookEndpoint from(JsonNode json) {
        String id = json.path("id").asString("");
        String url = json.path("endpoint_url").asString("");
        if (id.isBlank() || url.isBlank()) {
            throw new WorkOsException(new MalformedAnswer("the webhook endpoint has no id or no endpoint_url"));
        }
        String secret = json.path("secret").asString("");
        Stream<String> events = json.path("events").valueStream().map(each -> each.asString(""));
        return new WebhookEndpoint(
                id,
                url,
                json.path("status").asString("enabled").equals("enabled"),
                events.filter(each -> !each.isBlank()).toList(),
                secret.isBlank() ? null : new WebhookSecret(secret));
    }
}
