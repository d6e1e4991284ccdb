package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are no event, whoever signed them. To be kept and parked, never to be retried.
 *
 * @param reason why
 * @param detail one sentence for the operator, without any of the content
 * @param knownId the id of the event, as far as it could be read, or null
 */
public record Malformed(
        Reason reason, String detail, @Nullable EventId knownId) implements DecodedEvent {

    /** The kinds of damage; the names are stable and may be stored. */
    public enum Reason {
        /** Not UTF-8, or it starts with a byte order mark. */
        NOT_UTF8,
        /** Not one JSON value: a syntax error, a duplicate key, something after the end. */
        NOT_JSON,
        /** Deeper, longer or with larger numbers than any honest event. */
        OUT_OF_BOUNDS,
        /** A text with U+0000 or half a surrogate pair, which no database text can hold. */
        UNSTORABLE_TEXT,
        /** JSON, but without a usable id, type, time or payload. */
        NOT_AN_EVENT,
        /** An event of a known type whose object has no usable id. */
        UNUSABLE_OBJECT
    }
}
