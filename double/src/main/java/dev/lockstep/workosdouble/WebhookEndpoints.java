package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Registered webhook endpoints, each with a secret of its own and the events it wants. */
final class WebhookEndpoints {
    private static final List<String> NEVER_BY_WEBHOOK = List.of("action.", "vault.", "dsync.token.");
    private static final Set<String> NEVER_EITHER =
            Set.of("authentication.email_verification_failed", "authentication.mfa_failed");

    private final World world;
    private final RandomGenerator random;

    WebhookEndpoints(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** Whether production lets an endpoint subscribe to the type; the others are in the Events API only. */
    static boolean isSubscribable(String type) {
        return NEVER_BY_WEBHOOK.stream().noneMatch(type::startsWith) && !NEVER_EITHER.contains(type);
    }

    ObjectRecord register(String url, List<String> events) {
        List<String> wanted = checked(url, events);
        return world.change(change -> {
            if (change.tables().objects.byAlias(Kind.WEBHOOK_ENDPOINT, url).isPresent()) {
                throw ApiRefusal.conflict("webhook_endpoint_already_exists", "The address is registered already.");
            }
            String id = change.freshId(Kind.WEBHOOK_ENDPOINT.idPrefix());
            ObjectNode fields = Json.object()
                    .put("endpoint_url", url)
                    .put("secret", "whsec_" + Secrets.random(random, 32))
                    .put("status", "enabled");
            put(fields, wanted);
            return change.keep(
                    Kind.WEBHOOK_ENDPOINT, id, url, List.of(), change.document("webhook_endpoint", id, fields));
        });
    }

    ObjectRecord update(String id, @Nullable String url, @Nullable List<String> events, @Nullable Boolean enabled) {
        return world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.WEBHOOK_ENDPOINT, id);
            ObjectNode document = Json.objectOf(old.json()).put("updated_at", Json.instant(change.at()));
            String address = url == null ? document.get("endpoint_url").asString() : url;
            document.put("endpoint_url", address);
            if (events != null) {
                put(document, checked(address, events));
            }
            if (enabled != null) {
                document.put("status", enabled ? "enabled" : "disabled");
            }
            return change.keep(Kind.WEBHOOK_ENDPOINT, id, address, List.of(), document);
        });
    }

    void delete(String id) {
        world.change(change -> {
            change.discard(change.tables().objects.get(Kind.WEBHOOK_ENDPOINT, id));
            return true;
        });
    }

    /** The deliveries that one event makes. */
    static List<Delivery> deliveries(Tables tables, EventId event, String type, Instant at) {
        List<Delivery> deliveries = new ArrayList<>();
        if (!isSubscribable(type)) {
            return deliveries;
        }
        if (tables.house().webhooksWanted()) {
            deliveries.add(new Delivery(event, null, 0, at, null));
        }
        for (ObjectRecord endpoint : tables.objects.all(Kind.WEBHOOK_ENDPOINT)) {
            ObjectNode document = Json.objectOf(endpoint.json());
            if (document.get("status").asString().equals("enabled")
                    && document.get("events")
                            .valueStream()
                            .anyMatch(each -> each.asString().equals(type))) {
                deliveries.add(new Delivery(event, endpoint.id(), 0, at, null));
            }
        }
        return deliveries;
    }

    private static List<String> checked(String url, List<String> events) {
        try {
            String scheme = URI.create(url).getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw ApiRefusal.invalid("endpoint_url", "endpoint_url_must_be_a_url");
            }
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.invalid("endpoint_url", "endpoint_url_must_be_a_url");
        }
        for (String event : events) {
            if (!isSubscribable(event)) {
                throw ApiRefusal.invalid("events", "event_cannot_be_subscribed");
            }
        }
        if (events.isEmpty()) {
            throw ApiRefusal.invalid("events", "events_required");
        }
        return events;
    }

    private static void put(ObjectNode document, List<String> events) {
        ArrayNode array = document.putArray("events");
        events.forEach(array::add);
    }
}
