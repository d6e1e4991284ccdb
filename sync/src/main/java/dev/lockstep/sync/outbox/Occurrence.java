package dev.lockstep.sync.outbox;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What every domain event has in common: one change of the mirror, as it was recorded with the change.
 *
 * @param key the same for every delivery of this change, for whoever does something outside that must not be done twice
 * @param type such as {@code user.created}
 * @param subject the object that changed, its id or what stands for it
 * @param cause the event at WorkOS that brought the change; of a parent where the object went with one
 * @param at when it happened at WorkOS
 * @param before the object as the mirror showed it before, or null
 * @param after the object now, on a deletion as it was last, or null
 */
public record Occurrence(
        String key,
        String type,
        String subject,
        @Nullable EventId cause,
        Instant at,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {

    /** The object as the mirror showed it before; empty when it was not there. */
    public Optional<JsonNode> previous() {
        return Optional.ofNullable(before);
    }

    /** The object now, on a deletion as it was last; an empty object when nothing is known of it. */
    public JsonNode current() {
        return after != null ? after : before != null ? before : JsonNodeFactory.instance.objectNode();
    }

    @Override
    public String toString() {
        return type + "[" + subject + "]";
    }
}
