package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * What every event has around its payload. {@code (createdAt, id)} is the version of the event.
 *
 * @param id the same in a webhook and in the Events API
 * @param type the name of the event, for example {@code user.updated}
 * @param createdAt when it happened at WorkOS, at millisecond precision as a rule
 * @param data the payload without secrets; shared, not to be changed
 * @param context what WorkOS says about the circumstances, an empty object when it says nothing
 */
public record Envelope(EventId id, String type, Instant createdAt, JsonNode data, JsonNode context) {
    @Override
    public String toString() {
        return type + "[" + id + "]";
    }
}
