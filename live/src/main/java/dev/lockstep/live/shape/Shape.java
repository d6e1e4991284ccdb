package dev.lockstep.live.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a value looks like: it reads plain values of the wire into Java, strictly, and writes Java as plain values. A plain
 * value is null, Boolean, Double, Long, String, byte[], List or Map. Immutable.
 */
public sealed interface Shape permits Scalar, Shape.Choice, Shape.OrNull, Shape.ListOf, Shape.MapOf, RecordShape {

    /** What the value must be, for error messages. */
    String words();

    /**
     * Reads a plain value.
     *
     * @param field its name, for error messages
     * @throws Mismatch when it has another shape
     */
    @Nullable
    Object read(@Nullable Object wire, String field);

    /**
     * Writes a Java value.
     *
     * @throws Mismatch when it is null where null is not declared
     */
    @Nullable
    Object write(@Nullable Object java, String field);

    /** The shape of a class: a scalar, an enum or a record. */
    static Shape of(Class<?> type) {
        return JavaTypes.shape(type);
    }

    /** What a function returns that only does something: null. */
    static Shape nothing() {
        return Scalar.NOTHING;
    }

    /** A list. */
    static Shape listOf(Class<?> element) {
        return new ListOf(of(element));
    }

    /** A page of a paginated query. */
    static Shape pageOf(Class<?> element) {
        return JavaTypes.page(of(element));
    }

    /** The same shape or null. */
    default Shape orNull() {
        return this instanceof OrNull || this == Scalar.ANY || this == Scalar.NOTHING ? this : new OrNull(this);
    }

    /** One constant of an enum, by its name. */
    record Choice(Class<? extends Enum<?>> type) implements Shape {
        /** The names in their order. */
        public List<String> names() {
            List<String> names = new ArrayList<>();
            for (Enum<?> constant : type.getEnumConstants()) {
                names.add(constant.name());
            }
            return names;
        }

        @Override
        public String words() {
            return "one of " + String.join(", ", names());
        }

        @Override
        public Object read(@Nullable Object wire, String field) {
            for (Enum<?> constant : type.getEnumConstants()) {
                if (constant.name().equals(wire)) {
                    return constant;
                }
            }
            throw new Mismatch("Field '" + field + "' must be " + words());
        }

        @Override
        public Object write(@Nullable Object java, String field) {
            if (java instanceof Enum<?> constant) {
                return constant.name();
            }
            throw new Mismatch("'" + field + "' is null but not declared as @Nullable");
        }
    }

    /** A value or null. */
    record OrNull(Shape inner) implements Shape {
        @Override
        public String words() {
            return inner.words() + " or null";
        }

        @Override
        public @Nullable Object read(@Nullable Object wire, String field) {
            if (wire == null) {
                return null;
            }
            try {
                return inner.read(wire, field);
            } catch (Mismatch e) {
                throw inner instanceof Scalar ? new Mismatch(e.getMessage() + " or null") : e;
            }
        }

        @Override
        public @Nullable Object write(@Nullable Object java, String field) {
            return java == null ? null : inner.write(java, field);
        }
    }

    /** A list of any length. */
    record ListOf(Shape element) implements Shape {
        @Override
        public String words() {
            return "a list";
        }

        @Override
        public Object read(@Nullable Object wire, String field) {
            if (!(wire instanceof List<?> list)) {
                throw new Mismatch("Field '" + field + "' must be a list");
            }
            List<@Nullable Object> read = new ArrayList<>(list.size());
            for (Object each : list) {
                read.add(element.read(each, field + "[" + read.size() + "]"));
            }
            return Collections.unmodifiableList(read);
        }

        @Override
        public Object write(@Nullable Object java, String field) {
            if (!(java instanceof Iterable<?> values)) {
                throw new Mismatch("'" + field + "' is null but not declared as @Nullable");
            }
            List<@Nullable Object> written = new ArrayList<>();
            for (Object each : values) {
                written.add(element.write(each, field + "[" + written.size() + "]"));
            }
            return written;
        }
    }

    /** An object whose field names are not known beforehand. */
    record MapOf(Shape value) implements Shape {
        @Override
        public String words() {
            return "an object";
        }

        @Override
        public Object read(@Nullable Object wire, String field) {
            return each(wire, field, (inner, name) -> value.read(inner, name));
        }

        @Override
        public Object write(@Nullable Object java, String field) {
            return each(java, field, (inner, name) -> value.write(inner, name));
        }

        private interface Step {
            @Nullable
            Object apply(@Nullable Object value, String field);
        }

        private static Map<String, @Nullable Object> each(@Nullable Object from, String field, Step step) {
            if (!(from instanceof Map<?, ?> map)) {
                throw new Mismatch("Field '" + field + "' must be an object");
            }
            Map<String, @Nullable Object> made = new LinkedHashMap<>();
            map.forEach((name, inner) -> made.put((String) name, step.apply(inner, field + "." + name)));
            return Collections.unmodifiableMap(made);
        }
    }

    /** How a field of an object may be absent. */
    enum Presence {
        /** It must be there. */
        REQUIRED,
        /** It may be left out: an {@link Optional} in Java. */
        OPTIONAL,
        /** It may be left out or be null, and the two differ: a {@link Patch} in Java. */
        PATCH
    }

    /** A named field of an object. */
    record Field(String name, Shape shape, Presence presence) {
        /** A field that must be there. */
        public Field(String name, Shape shape) {
            this(name, shape, Presence.REQUIRED);
        }

        @Nullable
        Object read(Map<?, ?> object, String path) {
            boolean there = object.containsKey(name);
            return switch (presence) {
                case REQUIRED -> {
                    if (!there) {
                        throw new Mismatch("Missing field '" + path + "'");
                    }
                    yield shape.read(object.get(name), path);
                }
                case OPTIONAL -> there ? Optional.of(some(object, path)) : Optional.empty();
                case PATCH -> there ? Patch.of(shape.orNull().read(object.get(name), path)) : Patch.leftOut();
            };
        }

        private Object some(Map<?, ?> object, String path) {
            Object value = shape.read(object.get(name), path);
            if (value == null) {
                throw new Mismatch("Field '" + path + "' must be " + shape.words());
            }
            return value;
        }

        void write(Map<String, @Nullable Object> object, @Nullable Object java, String path) {
            switch (java) {
                case Optional<?> optional
                when presence == Presence.OPTIONAL ->
                    optional.ifPresent(value -> object.put(name, shape.write(value, path)));
                case Patch<?> patch
                when presence == Presence.PATCH -> {
                    if (patch.given()) {
                        object.put(name, shape.orNull().write(patch.value(), path));
                    }
                }
                case null -> object.put(name, shape.write(null, path));
                default -> object.put(name, shape.write(java, path));
            }
        }
    }

    /**
     * Checks an object against fields without making anything of it.
     *
     * @throws Mismatch when it has another shape or further fields
     */
    static void check(List<Field> fields, Map<String, @Nullable Object> object) {
        for (Field field : fields) {
            field.read(object, field.name());
        }
        RecordShape.refuseOthers(fields, object, "");
    }
}
