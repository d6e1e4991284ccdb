package dev.lockstep.workos.webhook;

import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The webhook endpoints of the environment. Safe for all threads; every method blocks and throws
 * {@code WorkOsException}.
 */
public final class WebhookEndpointsApi {
    private static final String PATH = "/webhook_endpoints";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public WebhookEndpointsApi(WorkOsClient client) {
        this.client = client;
    }

    /** Returns all of them. */
    public List<WebhookEndpoint> list() {
        List<WebhookEndpoint> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<WebhookEndpoint> page = Page.fetch(client, Call.get(PATH), after, WebhookEndpoint::from);
            all.addAll(page.items());
            after = page.next().orElse(null);
        } while (after != null);
        return all;
    }

    /** Makes an endpoint for these event types and returns it with its secret. */
    public WebhookEndpoint create(URI url, Collection<String> events) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("endpoint_url", url.toString());
        body.set("events", array(events));
        return Lookup.require(client, Call.post(PATH, body), WebhookEndpoint::from);
    }

    /** Switches an endpoint on for these event types and no others. */
    public WebhookEndpoint enable(String id, Collection<String> events) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", "enabled");
        body.set("events", array(events));
        return Lookup.require(client, Call.patch(PATH + "/" + Call.segment(id), body), WebhookEndpoint::from);
    }

    private static ArrayNode array(Collection<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
