package dev.lockstep.live.types;

import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.LiveFunctions.Signature;
import dev.lockstep.live.shape.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text of {@code api.ts}: a reference for each function that browsers may call, and the types of its arguments and
 * results. The same functions always give the same text.
 */
public final class ApiFile {
    private static final String HEAD = """
            // Written by `lockstep types` from the server's functions. Do not change it by hand: write it again.
            """;

    private final String name;
    private final TypeNames names = new TypeNames();
    private final Map<String, Object> root = new TreeMap<>();

    private ApiFile(String name) {
        this.name = name;
    }

    /**
     * Writes the text.
     *
     * @param name what the type of {@code api} is called
     */
    public static String of(LiveFunctions functions, String name) {
        return new ApiFile(name).text(functions.signatures());
    }

    private String text(List<Signature> signatures) {
        signatures.forEach(this::place);
        StringBuilder tree = new StringBuilder();
        write(root, "  ", tree);
        StringBuilder text = new StringBuilder(HEAD);
        text.append("import { anyApi, type FunctionReference");
        names.imports().forEach(imported -> text.append(", type ").append(imported));
        text.append(" } from \"convex/server\";\n");
        names.declarations().forEach(declaration -> text.append("\n").append(declaration));
        text.append("\n/** The functions of the server, by name. */\nexport type ")
                .append(name)
                .append(" = {\n")
                .append(tree)
                .append("};\n\nexport const api = anyApi as unknown as ")
                .append(name)
                .append(";\n");
        return text.toString();
    }

    /** Modules and their folders become nested objects. */
    @SuppressWarnings("unchecked")
    private void place(Signature signature) {
        String[] parts = signature.path().split("[/:]", -1);
        Map<String, Object> node = root;
        for (int i = 0; i < parts.length - 1; i++) {
            Object inner = node.computeIfAbsent(parts[i], part -> new TreeMap<String, Object>());
            if (!(inner instanceof Map)) {
                throw new IllegalStateException("A module and a function are both named " + parts[i]);
            }
            node = (Map<String, Object>) inner;
        }
        node.put(parts[parts.length - 1], reference(signature));
    }

    private String reference(Signature signature) {
        String kind = signature.kind().name().toLowerCase(Locale.ROOT);
        return "FunctionReference<\"" + kind + "\", \"public\", " + arguments(signature.arguments()) + ", "
                + names.of(signature.result()) + ">";
    }

    private String arguments(List<Shape.Field> fields) {
        return fields.isEmpty() ? "Record<string, never>" : names.inline(fields);
    }

    private static void write(Map<String, Object> node, String indent, StringBuilder text) {
        node.forEach((key, inner) -> {
            text.append(indent).append(key).append(": ");
            if (inner instanceof Map<?, ?> map) {
                text.append("{\n");
                @SuppressWarnings("unchecked")
                Map<String, Object> further = (Map<String, Object>) map;
                write(further, indent + "  ", text);
                text.append(indent).append("}");
            } else {
                text.append(inner);
            }
            text.append(";\n");
        });
    }
}
