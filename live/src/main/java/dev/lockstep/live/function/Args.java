package dev.lockstep.live.function;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    static Args checked(List<ArgField> fields, Map<String, @Nullable Object> values) {
        for (ArgField field : fields) {
            field.check(values.containsKey(field.name()), values.get(field.name()));
        }
        Set<String> known = fields.stream().map(ArgField::name).collect(Collectors.toSet());
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new ArgumentRefused("Unknown field '" + name + "'");
            }
        }
        return new Args(values);
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
