package dev.lockstep.live.wire;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The values that functions take and return, as plain Java: {@code null}, {@link Boolean}, {@link Double} (every JavaScript
 * number), {@link Long} (a JavaScript bigint), {@link String}, {@code byte[]}, {@link List} and {@link Map} with text keys.
 * {@link Integer} and {@link Float} are written as numbers too. Nothing else crosses the wire: a moment in time is written
 * as its ISO text.
 */
public final class WireValues {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 1024;
    private static final long EXACT = 1L << 53;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private WireValues() {}

    /**
     * Turns JSON of the wire into plain Java. Objects keep the order of the text; lists and maps are unmodifiable views.
     *
     * @throws InvalidValue when the JSON is not a value of the protocol
     */
    public static @Nullable Object decode(JsonNode json) {
        return decode(json, 1);
    }

    private static @Nullable Object decode(JsonNode json, int depth) {
        checkDepth(depth);
        return switch (json.getNodeType()) {
            case NULL -> null;
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> finite(json.doubleValue());
            case STRING -> unicode(json.stringValue());
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>(json.size());
                for (JsonNode element : json) {
                    list.add(decode(element, depth + 1));
                }
                yield java.util.Collections.unmodifiableList(list);
            }
            case OBJECT -> object(json, depth);
            case BINARY, MISSING, POJO -> throw new InvalidValue("A value is not JSON");
        };
    }

    private static Object object(JsonNode json, int depth) {
        if (json.size() == 1) {
            var only = json.properties().iterator().next();
            if (only.getKey().startsWith("$")) {
                return special(only.getKey(), only.getValue());
            }
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (var field : json.properties()) {
            map.put(checkName(field.getKey()), decode(field.getValue(), depth + 1));
        }
        return java.util.Collections.unmodifiableMap(map);
    }

    private static Object special(String kind, JsonNode body) {
        if (!body.isString()) {
            throw new InvalidValue("A value of kind " + safeKind(kind) + " is not text");
        }
        try {
            return switch (kind) {
                case "$integer" -> WireTimestamp.fromLittleEndian(body.stringValue());
                case "$bytes" -> Base64.getDecoder().decode(body.stringValue());
                case "$float" -> unusual(Double.longBitsToDouble(WireTimestamp.fromLittleEndian(body.stringValue())));
                default -> throw new InvalidValue("A field name starts with $");
            };
        } catch (WireViolation | IllegalArgumentException e) {
            throw new InvalidValue("A value of kind " + safeKind(kind) + " is not valid base64", e);
        }
    }

    private static String safeKind(String kind) {
        return switch (kind) {
            case "$integer", "$bytes", "$float" -> kind;
            default -> "$…";
        };
    }

    private static Double unusual(double number) {
        if (isOrdinary(number)) {
            throw new InvalidValue("An ordinary number is written as $float");
        }
        return number;
    }

    /**
     * Turns plain Java into JSON of the wire, object fields sorted, so that equal values have equal text.
     *
     * @throws InvalidValue when something in it cannot cross the wire; the message names the Java type
     */
    public static JsonNode encode(@Nullable Object value) {
        return encode(value, 1);
    }

    private static JsonNode encode(@Nullable Object value, int depth) {
        checkDepth(depth);
        return switch (value) {
            case null -> NODES.nullNode();
            case Boolean flag -> NODES.booleanNode(flag);
            case String text -> NODES.stringNode(unicode(text));
            case Double number -> number(number);
            case Float number -> number(number);
            case Integer number -> number(number);
            case Long number -> NODES.objectNode().put("$integer", WireTimestamp.littleEndian(number));
            case byte[] bytes ->
                NODES.objectNode().put("$bytes", Base64.getEncoder().encodeToString(bytes));
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode(list.size());
                for (Object element : list) {
                    array.add(encode(element, depth + 1));
                }
                yield array;
            }
            case Map<?, ?> map -> encodeMap(map, depth);
            default ->
                throw new InvalidValue("A value of type " + value.getClass().getName()
                        + " cannot be sent; use null, Boolean, Double, Long, String, byte[], List or Map");
        };
    }

    private static JsonNode encodeMap(Map<?, ?> map, int depth) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        for (var entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new InvalidValue("A map has a key that is not text");
            }
            sorted.put(checkName(name), entry.getValue());
        }
        ObjectNode object = NODES.objectNode();
        sorted.forEach((name, value) -> object.set(name, encode(value, depth + 1)));
        return object;
    }

    private static JsonNode number(double number) {
        if (!isOrdinary(number)) {
            return NODES.objectNode().put("$float", WireTimestamp.littleEndian(Double.doubleToLongBits(number)));
        }
        boolean whole = Math.rint(number) == number && Math.abs(number) <= EXACT;
        return whole ? NODES.numberNode((long) number) : NODES.numberNode(number);
    }

    private static boolean isOrdinary(double number) {
        boolean negativeZero = Double.doubleToRawLongBits(number) == Long.MIN_VALUE;
        return Double.isFinite(number) && !negativeZero;
    }

    private static Double finite(double number) {
        if (!Double.isFinite(number)) {
            throw new InvalidValue("A number is too large");
        }
        return number;
    }

    private static String unicode(String text) {
        boolean broken = text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        if (broken) {
            throw new InvalidValue("A text is not valid Unicode: it holds half a surrogate pair");
        }
        return text;
    }

    private static String checkName(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new InvalidValue(
                    "A field name is " + name.length() + " characters long, the limit is " + LONGEST_NAME);
        }
        if (name.startsWith("$")) {
            throw new InvalidValue("A field name starts with $");
        }
        if (!name.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new InvalidValue("A field name holds a character that is not printable ASCII");
        }
        return name;
    }

    private static void checkDepth(int depth) {
        if (depth > DEEPEST) {
            throw new InvalidValue("A value is nested deeper than " + DEEPEST + " levels");
        }
    }

    /** What was to cross the wire is no value of the protocol. The message never repeats the value. */
    public static final class InvalidValue extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidValue(String sentence) {
            super(sentence);
        }

        InvalidValue(String sentence, Throwable cause) {
            super(sentence, cause);
        }
    }
}
