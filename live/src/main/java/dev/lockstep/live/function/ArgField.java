package dev.lockstep.live.function;

import dev.lockstep.live.shape.Scalar;
import dev.lockstep.live.shape.Shape;

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
        TEXT,
        /** A JavaScript number. */
        NUMBER,
        /** A JavaScript bigint of 64 bits. */
        INT64,
        /** True or false. */
        FLAG,
        /** An array. */
        LIST,
        /** An object. */
        OBJECT;

        private Shape shape() {
            return switch (this) {
                case TEXT -> Scalar.TEXT;
                case NUMBER -> Scalar.NUMBER;
                case INT64 -> Scalar.INT64;
                case FLAG -> Scalar.FLAG;
                case LIST -> new Shape.ListOf(Scalar.ANY);
                case OBJECT -> new Shape.MapOf(Scalar.ANY);
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

    Shape.Field field() {
        Shape shape = kind.shape();
        if (optional) {
            return new Shape.Field(name, shape, nullable ? Shape.Presence.PATCH : Shape.Presence.OPTIONAL);
        }
        return new Shape.Field(name, nullable ? shape.orNull() : shape);
    }
}
