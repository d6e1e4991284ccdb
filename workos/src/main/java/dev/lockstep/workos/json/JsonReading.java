package dev.lockstep.workos.json;

import tools.jackson.databind.JsonNode;

/** What came of reading bytes as JSON: a value, or the reason why there is none. */
public sealed interface JsonReading {

    /**
     * A value that any JSON column can hold exactly.
     *
     * @param value never missing
     */
    record Sound(JsonNode value) implements JsonReading {}

    /**
     * No value.
     *
     * @param fault the kind of damage
     * @param detail one phrase for the operator, without any of the content
     */
    record Refused(Fault fault, String detail) implements JsonReading {}

    /** The kinds of damage. */
    enum Fault {
        /** Not UTF-8, or it starts with a byte order mark. */
        NOT_UTF8,
        /** Not one JSON value: a syntax error, a duplicate key, something after the end. */
        NOT_JSON,
        /** Deeper, longer or with larger numbers than any honest message. */
        OUT_OF_BOUNDS,
        /** A text with U+0000 or half a surrogate pair, which no database text can hold. */
        UNSTORABLE_TEXT
    }
}
