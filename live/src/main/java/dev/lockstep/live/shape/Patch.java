package dev.lockstep.live.shape;

import org.jspecify.annotations.Nullable;

/**
 * A field of a change that may be left out: then the value stays as it is. {@code null} is a value like any other.
 *
 * @param given whether the caller wrote the field at all
 * @param value what it wrote; null too when it wrote nothing
 */
public record Patch<T>(boolean given, @Nullable T value) {
    public Patch {
        if (!given && value != null) {
            throw new IllegalArgumentException("A field that was left out has no value.");
        }
    }

    /** A field that was left out. */
    public static <T> Patch<T> leftOut() {
        return new Patch<>(false, null);
    }

    /** A field that was written. */
    public static <T> Patch<T> of(@Nullable T value) {
        return new Patch<>(true, value);
    }
}
