package dev.lockstep.live.function;

import dev.lockstep.live.shape.Mismatch;
import dev.lockstep.live.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, already checked against the declared {@link ArgField}s. Asking for an argument as something
 * that it was not declared as is a programming error.
 */
public final class Args {
    private final Map<String, @Nullable Object> values;

    private Args(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    static Args checked(List<Shape.Field> fields, Map<String, @Nullable Object> values) {
        try {
            Shape.check(fields, values);
            return new Args(values);
        } catch (Mismatch e) {
            throw new ArgumentRefused(String.valueOf(e.getMessage()));
        }
    }

    /** All of them, as plain values. */
    public Map<String, @Nullable Object> toMap() {
        return values;
    }

    /** Whether the caller gave this argument, be it null. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A text that was declared as required and not null. */
    public String text(String name) {
        return required(name, String.class);
    }

    /** A text that may be null or absent. */
    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(values.get(name)).map(String.class::cast);
    }

    /** A number that was declared as required and not null. */
    public double number(String name) {
        return required(name, Double.class);
    }

    /** A bigint that was declared as required and not null. */
    public long int64(String name) {
        return required(name, Long.class);
    }

    /** A flag that was declared as required and not null. */
    public boolean flag(String name) {
        return required(name, Boolean.class);
    }

    /** The value as it came, or null. */
    public @Nullable Object value(String name) {
        return values.get(name);
    }

    private <T> T required(String name, Class<T> type) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("Argument '" + name + "' is absent or null; declare it as required");
        }
        return type.cast(value);
    }
}
