package dev.lockstep.live.function;

import org.jspecify.annotations.Nullable;

/**
 * One argument that a function takes. Arguments are checked before the function runs; a field that is not declared is
 * refused.
 *
 * @param name the name in the browser's argument object
 * @param kind what the value must be
 * @param optional whether it may be left out
 * @param nullable whether it may be null
 */
public record ArgField(String name, Kind kind, boolean optional, boolean nullable) {

    /** What a value must be. */
    public enum Kind {
        /** A string. */
        TEXT("text"),
        /** A JavaScript number. */
        NUMBER("a number"),
        /** A JavaScript bigint of 64 bits. */
        INT64("a bigint"),
        /** True or false. */
        FLAG("true or false"),
        /** An array. */
        LIST("a list"),
        /** An object. */
        OBJECT("an object");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        boolean accepts(Object value) {
            return switch (this) {
                case TEXT -> value instanceof String;
                case NUMBER -> value instanceof Double;
                case INT64 -> value instanceof Long;
                case FLAG -> value instanceof Boolean;
                case LIST -> value instanceof java.util.List<?>;
                case OBJECT -> value instanceof java.util.Map<?, ?>;
            };
        }
    }

    /** A required text. */
    public static ArgField text(String name) {
        return of(name, Kind.TEXT);
    }

    /** A required number. */
    public static ArgField number(String name) {
        return of(name, Kind.NUMBER);
    }

    /** A required true or false. */
    public static ArgField flag(String name) {
        return of(name, Kind.FLAG);
    }

    /** A required value of a kind. */
    public static ArgField of(String name, Kind kind) {
        return new ArgField(name, kind, false, false);
    }

    /** The same, but it may be left out. */
    public ArgField orAbsent() {
        return new ArgField(name, kind, true, nullable);
    }

    /** The same, but it may be null. */
    public ArgField orNull() {
        return new ArgField(name, kind, optional, true);
    }

    void check(boolean present, @Nullable Object value) {
        if (!present) {
            if (!optional) {
                throw new ArgumentRefused("Missing field '" + name + "'");
            }
        } else if (value == null ? !nullable : !kind.accepts(value)) {
            throw new ArgumentRefused("Field '" + name + "' must be " + kind.words + (nullable ? " or null" : ""));
        }
    }
}
