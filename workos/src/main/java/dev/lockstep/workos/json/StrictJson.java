package dev.lockstep.workos.json;

import dev.lockstep.workos.json.JsonReading.Fault;
import dev.lockstep.workos.json.JsonReading.Refused;
import dev.lockstep.workos.json.JsonReading.Sound;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns bytes from outside into JSON that a database can hold exactly, or says why not. Stricter than the JSON standard
 * on purpose: what two readers could understand differently is refused.
 */
public final class StrictJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 1_000;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Refused HUGE_EXPONENT =
            new Refused(Fault.OUT_OF_BOUNDS, "the body has a number with a huge exponent");

    private StrictJson() {}

    /** Reads one JSON value; never throws. The bytes are not kept. */
    public static JsonReading read(byte[] bytes) {
        String text = null;
        if (!isPlain(bytes)) {
            try {
                text = decoded(bytes);
            } catch (CharacterCodingException e) {
                return new Refused(Fault.NOT_UTF8, "the body is not UTF-8");
            }
            if (text.startsWith("\uFEFF")) {
                return new Refused(Fault.NOT_UTF8, "the body starts with a byte order mark");
            }
        }
        try {
            JsonNode value = text == null ? MAPPER.readTree(bytes) : MAPPER.readTree(text);
            if (value == null || value.isMissingNode()) {
                return new Refused(Fault.NOT_JSON, "the body is empty");
            }
            Refused fault = fault(value);
            return fault == null ? new Sound(value) : fault;
        } catch (StreamConstraintsException e) {
            return new Refused(
                    Fault.OUT_OF_BOUNDS,
                    "the body is nested deeper than " + DEEPEST + " levels, or has a name, text or number that is too"
                            + " long");
        } catch (NumberFormatException e) {
            // Jackson lets this one through where an exponent does not fit into an int (jackson-core 3.1.5).
            return HUGE_EXPONENT;
        } catch (JacksonException e) {
            return new Refused(Fault.NOT_JSON, "the body is not one JSON value with unique names");
        }
    }

    /** ASCII without zero bytes, which nobody can take for another encoding. */
    private static boolean isPlain(byte[] bytes) {
        for (byte each : bytes) {
            if (each <= 0) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static @Nullable Refused fault(JsonNode node) {
        if (node.isString()) {
            return textFault(node.stringValue());
        }
        if (node.isNumber()) {
            return numberFault(node);
        }
        if (!node.isContainer()) {
            return null;
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Refused name = textFault(field.getKey());
            if (name != null) {
                return name;
            }
            Refused value = fault(field.getValue());
            if (value != null) {
                return value;
            }
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                Refused value = fault(item);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    private static @Nullable Refused numberFault(JsonNode node) {
        if (!node.isBigDecimal()) {
            return null;
        }
        boolean huge = Math.abs((long) node.decimalValue().scale()) > LONGEST_NUMBER;
        return huge ? HUGE_EXPONENT : null;
    }

    private static @Nullable Refused textFault(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && (i + 1 < text.length())
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return new Refused(Fault.UNSTORABLE_TEXT, "a text of the body holds U+0000 or half a surrogate pair");
            }
        }
        return null;
    }
}
