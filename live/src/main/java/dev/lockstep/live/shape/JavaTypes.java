package dev.lockstep.live.shape;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads shapes off Java types, their annotations included. What it cannot read exactly it refuses. */
public final class JavaTypes {
    private static final Map<Class<?>, Scalar> SCALARS = Map.ofEntries(
            Map.entry(boolean.class, Scalar.FLAG),
            Map.entry(Boolean.class, Scalar.FLAG),
            Map.entry(double.class, Scalar.NUMBER),
            Map.entry(Double.class, Scalar.NUMBER),
            Map.entry(int.class, Scalar.WHOLE),
            Map.entry(Integer.class, Scalar.WHOLE),
            Map.entry(long.class, Scalar.INT64),
            Map.entry(Long.class, Scalar.INT64),
            Map.entry(String.class, Scalar.TEXT),
            Map.entry(byte[].class, Scalar.BYTES),
            Map.entry(UUID.class, Scalar.UUID),
            Map.entry(Instant.class, Scalar.MOMENT),
            Map.entry(LocalDate.class, Scalar.DATE),
            Map.entry(BigDecimal.class, Scalar.DECIMAL),
            Map.entry(Object.class, Scalar.ANY));

    private JavaTypes() {}

    /**
     * The shape of a type as it is written in a method or a record, {@code @Nullable} included.
     *
     * @throws ShapeProblem when the type cannot cross the wire
     */
    public static Shape shape(AnnotatedType type) {
        return shape(type, Map.of(), Set.of());
    }

    static Shape shape(Class<?> type) {
        return plain(type, Set.of());
    }

    static Shape page(Shape element) {
        return record(Page.class, List.of(element), Set.of());
    }

    private static Shape shape(AnnotatedType annotated, Map<TypeVariable<?>, Shape> bound, Set<Class<?>> around) {
        Shape shape = bare(annotated, bound, around);
        return annotated.isAnnotationPresent(Nullable.class) ? shape.orNull() : shape;
    }

    private static Shape bare(AnnotatedType annotated, Map<TypeVariable<?>, Shape> bound, Set<Class<?>> around) {
        Type type = annotated.getType();
        if (type instanceof TypeVariable<?> variable) {
            return Optional.ofNullable(bound.get(variable)).orElseThrow(() -> unusable(type));
        }
        if (type instanceof ParameterizedType generic && annotated instanceof AnnotatedParameterizedType given) {
            List<Shape> arguments = new ArrayList<>();
            for (AnnotatedType argument : given.getAnnotatedActualTypeArguments()) {
                arguments.add(shape(argument, bound, around));
            }
            return generic((Class<?>) generic.getRawType(), arguments, around);
        }
        if (type instanceof Class<?> plain && (!(annotated instanceof AnnotatedArrayType) || plain == byte[].class)) {
            return plain(plain, around);
        }
        throw unusable(type);
    }

    private static Shape generic(Class<?> raw, List<Shape> arguments, Set<Class<?>> around) {
        if (raw == List.class || raw == Collection.class) {
            return new Shape.ListOf(arguments.getFirst());
        }
        if (raw == Map.class && arguments.getFirst() == Scalar.TEXT) {
            return new Shape.MapOf(arguments.getLast());
        }
        if (raw.isRecord()) {
            return record(raw, arguments, around);
        }
        throw unusable(raw);
    }

    @SuppressWarnings("unchecked")
    private static Shape plain(Class<?> type, Set<Class<?>> around) {
        Scalar scalar = SCALARS.get(type);
        if (scalar != null) {
            return scalar;
        }
        if (type.isEnum()) {
            return new Shape.Choice((Class<? extends Enum<?>>) type);
        }
        if (type.isRecord() && type.getTypeParameters().length == 0) {
            return record(type, List.of(), around);
        }
        throw unusable(type);
    }

    private static Shape record(Class<?> type, List<Shape> arguments, Set<Class<?>> around) {
        if (around.contains(type)) {
            throw new ShapeProblem(type.getName() + " contains itself; nesting without end cannot be described");
        }
        Set<Class<?>> inside = new java.util.HashSet<>(around);
        inside.add(type);
        Map<TypeVariable<?>, Shape> bound = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            bound.put(type.getTypeParameters()[i], arguments.get(i));
        }
        List<Shape.Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.add(field(component, bound, inside));
        }
        return new RecordShape(type, fields, arguments);
    }

    private static Shape.Field field(
            RecordComponent component, Map<TypeVariable<?>, Shape> bound, Set<Class<?>> inside) {
        AnnotatedType type = component.getAnnotatedType();
        if (type instanceof AnnotatedParameterizedType generic) {
            Class<?> raw = component.getType();
            if (raw == Optional.class || raw == Patch.class) {
                Shape inner = shape(generic.getAnnotatedActualTypeArguments()[0], bound, inside);
                return new Shape.Field(
                        component.getName(),
                        inner,
                        raw == Patch.class ? Shape.Presence.PATCH : Shape.Presence.OPTIONAL);
            }
        }
        return new Shape.Field(component.getName(), shape(type, bound, inside));
    }

    private static ShapeProblem unusable(Type type) {
        return new ShapeProblem(type.getTypeName()
                + " cannot be an argument or a result; use boolean, int, long, double, String, byte[], UUID, Instant,"
                + " LocalDate, BigDecimal, an enum, a record, or a List or Map<String, …> of these");
    }
}
