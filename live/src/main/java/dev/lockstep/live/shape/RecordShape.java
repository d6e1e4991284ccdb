package dev.lockstep.live.shape;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An object with known fields: a Java record. */
public final class RecordShape implements Shape {
    private final Class<?> type;
    private final List<Field> fields;
    private final Constructor<?> constructor;
    private final List<Method> accessors;
    /** The shapes in place of type variables, for a generic record. */
    private final List<Shape> arguments;

    RecordShape(Class<?> type, List<Field> fields, List<Shape> arguments) {
        this.type = type;
        this.fields = List.copyOf(fields);
        this.arguments = List.copyOf(arguments);
        RecordComponent[] components = type.getRecordComponents();
        try {
            this.constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("A record has no canonical constructor", e);
        }
        this.accessors =
                Arrays.stream(components).map(RecordComponent::getAccessor).toList();
        constructor.setAccessible(true);
        accessors.forEach(accessor -> accessor.setAccessible(true));
    }

    /** The record's class. */
    public Class<?> type() {
        return type;
    }

    /** Its fields in their order. */
    public List<Field> fields() {
        return fields;
    }

    /** What stands for its type variables; empty for most. */
    public List<Shape> arguments() {
        return arguments;
    }

    @Override
    public String words() {
        return "an object";
    }

    @Override
    public Object read(@Nullable Object wire, String field) {
        if (!(wire instanceof Map<?, ?> object)) {
            throw new Mismatch("Field '" + field + "' must be an object");
        }
        String prefix = field.isEmpty() ? "" : field + ".";
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = fields.get(i).read(object, prefix + fields.get(i).name());
        }
        refuseOthers(fields, object, prefix);
        return make(values, field);
    }

    static void refuseOthers(List<Field> fields, Map<?, ?> object, String prefix) {
        if (object.size() > fields.size() || fields.stream().anyMatch(field -> !object.containsKey(field.name()))) {
            Set<String> known = fields.stream().map(Field::name).collect(Collectors.toSet());
            for (Object name : object.keySet()) {
                if (!known.contains(String.valueOf(name))) {
                    throw new Mismatch("Unknown field '" + prefix + name + "'");
                }
            }
        }
    }

    private Object make(@Nullable Object[] values, String field) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                throw new Mismatch(
                        field.isEmpty() ? "The fields do not fit together" : "Field '" + field + "' is not valid");
            }
            throw unchecked(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The record " + type.getName() + " cannot be made", e);
        }
    }

    @Override
    public Object write(@Nullable Object java, String field) {
        if (java == null) {
            throw new Mismatch("'" + field + "' is null but not declared as @Nullable");
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < accessors.size(); i++) {
            Field each = fields.get(i);
            each.write(
                    object, value(accessors.get(i), java), field.isEmpty() ? each.name() : field + "." + each.name());
        }
        return object;
    }

    private @Nullable Object value(Method accessor, Object java) {
        try {
            return accessor.invoke(java);
        } catch (InvocationTargetException e) {
            throw unchecked(e);
        } catch (IllegalAccessException | IllegalArgumentException e) {
            throw new IllegalStateException("Not a " + type.getName(), e);
        }
    }

    private static RuntimeException unchecked(InvocationTargetException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
}
