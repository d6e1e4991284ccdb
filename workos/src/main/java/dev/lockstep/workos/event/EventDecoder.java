package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.event.Malformed.Reason;
import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.StrictJson;
import dev.lockstep.workos.object.Secrets;
import dev.lockstep.workos.object.WireTime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Turns the bytes of one event, from a webhook or from the Events API, into a {@link DecodedEvent}. It trusts nothing
 * and never throws; that the sender is WorkOS has to be known already. Stateless and safe for all threads.
 */
public final class EventDecoder {
    private static final int LONGEST_NAME = 255;

    /** Decodes one event; the bytes are not kept. */
    public DecodedEvent decode(byte[] body) {
        return switch (StrictJson.read(body)) {
            case JsonReading.Refused(JsonReading.Fault fault, String detail) ->
                new Malformed(reason(fault), detail, null);
            case JsonReading.Sound(JsonNode value) -> envelope(value);
        };
    }

    private static Reason reason(JsonReading.Fault fault) {
        return switch (fault) {
            case NOT_UTF8 -> Reason.NOT_UTF8;
            case NOT_JSON -> Reason.NOT_JSON;
            case OUT_OF_BOUNDS -> Reason.OUT_OF_BOUNDS;
            case UNSTORABLE_TEXT -> Reason.UNSTORABLE_TEXT;
        };
    }

    private static DecodedEvent envelope(JsonNode value) {
        if (!value.isObject()) {
            return notAnEvent("the body is not an object", null);
        }
        String idText = name(value, "id");
        if (idText == null) {
            return notAnEvent("the event has no id of 1 to " + LONGEST_NAME + " characters", null);
        }
        EventId id = new EventId(idText);
        String type = name(value, "event");
        if (type == null) {
            return notAnEvent("the event has no type of 1 to " + LONGEST_NAME + " characters", id);
        }
        Optional<Instant> createdAt = text(value, "created_at").flatMap(WireTime::parse);
        if (createdAt.isEmpty()) {
            return notAnEvent("the event has no created_at that is a time", id);
        }
        Envelope envelope = new Envelope(id, type, createdAt.get(), part(value, "data"), part(value, "context"));
        try {
            return EventTypes.read(envelope);
        } catch (WorkOsException e) {
            return new Malformed(Reason.UNUSABLE_OBJECT, e.problem().message(), id);
        }
    }

    private static Malformed notAnEvent(String detail, @Nullable EventId id) {
        return new Malformed(Reason.NOT_AN_EVENT, detail, id);
    }

    private static JsonNode part(JsonNode value, String name) {
        JsonNode found = value.get(name);
        return found == null ? JsonNodeFactory.instance.objectNode() : Secrets.strip(found);
    }

    private static @Nullable String name(JsonNode value, String field) {
        return text(value, field)
                .filter(text -> !text.isBlank() && text.length() <= LONGEST_NAME)
                .orElse(null);
    }

    private static Optional<String> text(JsonNode value, String field) {
        return Optional.ofNullable(value.get(field)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }
}
