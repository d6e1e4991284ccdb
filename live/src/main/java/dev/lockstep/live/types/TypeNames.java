package dev.lockstep.live.types;

import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.shape.RecordShape;
import dev.lockstep.live.shape.Scalar;
import dev.lockstep.live.shape.Shape;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of types in TypeScript, and the declarations of those that records and enums become. */
final class TypeNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Map<String, String> declarations = new TreeMap<>();
    private final Map<String, Class<?>> owners = new HashMap<>();
    private final Set<String> imports = new TreeSet<>();

    Collection<String> declarations() {
        return declarations.values();
    }

    Set<String> imports() {
        return imports;
    }

    String of(Shape shape) {
        return switch (shape) {
            case Scalar scalar -> scalar(scalar);
            case Shape.Choice choice -> choice(choice);
            case Shape.OrNull some -> of(some.inner()) + " | null";
            case Shape.ListOf list -> wrapped(list.element()) + "[]";
            case Shape.MapOf map -> "Record<string, " + of(map.value()) + ">";
            case RecordShape object -> object(object);
        };
    }

    private static String scalar(Scalar scalar) {
        return switch (scalar) {
            case FLAG -> "boolean";
            case NUMBER, WHOLE -> "number";
            case INT64 -> "bigint";
            case TEXT, UUID, MOMENT, DATE, DECIMAL -> "string";
            case BYTES -> "ArrayBuffer";
            case ANY -> "unknown";
            case NOTHING -> "null";
        };
    }

    private String wrapped(Shape element) {
        return element instanceof Shape.OrNull ? "(" + of(element) + ")" : of(element);
    }

    private String choice(Shape.Choice choice) {
        String name = choice.type().getSimpleName();
        if (claim(name, choice.type())) {
            String values =
                    choice.names().stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(" | "));
            declarations.put(name, "export type " + name + " = " + values + ";\n");
        }
        return name;
    }

    private String object(RecordShape object) {
        if (object.type() == PageOptions.class) {
            imports.add("PaginationOptions");
            return "PaginationOptions";
        }
        if (object.type() == Page.class) {
            imports.add("PaginationResult");
            return "PaginationResult<" + of(object.arguments().getFirst()) + ">";
        }
        if (!object.arguments().isEmpty()) {
            return inline(object.fields());
        }
        String name = object.type().getSimpleName();
        if (claim(name, object.type())) {
            StringBuilder text = new StringBuilder("export type " + name + " = {\n");
            for (Shape.Field field : object.fields()) {
                text.append(comment(field.shape()))
                        .append("  ")
                        .append(member(field))
                        .append(";\n");
            }
            declarations.put(name, text.append("};\n").toString());
        }
        return name;
    }

    /** An object type without a name. */
    String inline(List<Shape.Field> fields) {
        return fields.stream().map(this::member).collect(Collectors.joining("; ", "{ ", " }"));
    }

    private String member(Shape.Field field) {
        String name = IDENTIFIER.matcher(field.name()).matches() ? field.name() : "\"" + field.name() + "\"";
        return switch (field.presence()) {
            case REQUIRED -> name + ": " + of(field.shape());
            case OPTIONAL -> name + "?: " + of(field.shape());
            case PATCH -> name + "?: " + of(field.shape().orNull());
        };
    }

    /** What a string holds is not to be seen in its type. */
    private static String comment(Shape shape) {
        Shape inner = shape instanceof Shape.OrNull some ? some.inner() : shape;
        return switch (inner) {
            case Scalar.MOMENT -> "  /** A moment: ISO 8601 in UTC. */\n";
            case Scalar.DATE -> "  /** A date: year-month-day. */\n";
            case Scalar.DECIMAL -> "  /** A decimal number in digits. */\n";
            default -> "";
        };
    }

    /** Returns whether the name is new. Two types of one name would be one type to the reader. */
    private boolean claim(String name, Class<?> owner) {
        Class<?> before = owners.putIfAbsent(name, owner);
        if (before != null && !before.equals(owner)) {
            throw new IllegalStateException("Two Java types become " + name + " in TypeScript; rename one");
        }
        return before == null;
    }
}
