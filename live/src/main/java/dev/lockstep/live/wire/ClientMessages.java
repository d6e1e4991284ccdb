package dev.lockstep.live.wire;

import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.ClientMessage.Modification;
import dev.lockstep.live.wire.ClientMessage.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads client messages strictly: known types, numbers in range, no duplicate keys, bounded depth. Members that the
 * protocol does not name are ignored, because newer clients may send them. Thread-safe.
 */
public final class ClientMessages {
    /** Deeper than any valid value, so that a value that is too deep fails as a value and not as a message. */
    private static final int DEEPEST = 200;

    private static final int MOST_NAMES = 2048;
    private static final long MOST_U32 = (1L << 32) - 1;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNameLength(MOST_NAMES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads one text frame.
     *
     * @throws WireViolation when it is no message of the protocol; the text never repeats what was sent
     */
    public ClientMessage parse(String frame) {
        JsonNode message;
        try {
            message = json.readTree(frame);
        } catch (JacksonException e) {
            throw new WireViolation("A message is not acceptable JSON.");
        }
        if (!message.isObject()) {
            throw new WireViolation("A message is not a JSON object.");
        }
        return switch (text(message, "type")) {
            case "Connect" -> connect(message);
            case "Authenticate" -> new ClientMessage.Authenticate(u32(message, "baseVersion"), token(message));
            case "ModifyQuerySet" ->
                new ClientMessage.ModifyQuerySet(
                        u32(message, "baseVersion"), u32(message, "newVersion"), modifications(message));
            case "Mutation" -> new ClientMessage.Mutation(u32(message, "requestId"), call(message));
            case "Action" -> new ClientMessage.Action(u32(message, "requestId"), call(message));
            case "Event" -> new ClientMessage.Event();
            default -> throw new WireViolation("A message has an unknown type.");
        };
    }

    private static ClientMessage connect(JsonNode message) {
        String observed = optionalText(message, "maxObservedTimestamp");
        JsonNode clientTs = message.get("clientTs");
        return new ClientMessage.Connect(
                uuid(text(message, "sessionId")),
                u32(message, "connectionCount"),
                optionalText(message, "lastCloseReason"),
                observed == null ? 0 : WireTimestamp.decode(observed),
                clientTs != null && clientTs.isNumber() ? clientTs.doubleValue() : null);
    }

    private static Token token(JsonNode message) {
        return switch (text(message, "tokenType")) {
            case "User" -> new Token.User(text(message, "value"));
            case "None" -> new Token.None();
            case "Admin" -> new Token.Admin();
            default -> throw new WireViolation("An Authenticate message has an unknown tokenType.");
        };
    }

    private static List<Modification> modifications(JsonNode message) {
        JsonNode list = required(message, "modifications");
        if (!list.isArray()) {
            throw new WireViolation("modifications is not a list.");
        }
        List<Modification> modifications = new ArrayList<>(list.size());
        for (JsonNode step : list) {
            modifications.add(
                    switch (text(step, "type")) {
                        case "Add" ->
                            new Modification.Add(u32(step, "queryId"), call(step), optionalText(step, "journal"));
                        case "Remove" -> new Modification.Remove(u32(step, "queryId"));
                        default -> throw new WireViolation("A modification has an unknown type.");
                    });
        }
        return modifications;
    }

    private static Call call(JsonNode message) {
        JsonNode args = required(message, "args");
        if (!args.isArray() || args.size() != 1 || !args.get(0).isObject()) {
            throw new WireViolation("args is not a list of exactly one object.");
        }
        return new Call(FunctionPath.of(text(message, "udfPath")), args.get(0), optionalText(message, "componentPath"));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new WireViolation("sessionId is not a UUID.");
        }
    }

    private static long u32(JsonNode message, String name) {
        JsonNode number = required(message, name);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new WireViolation(name + " is not a whole number.");
        }
        long value = number.longValue();
        if (value < 0 || value > MOST_U32) {
            throw new WireViolation(name + " is not an unsigned 32-bit number.");
        }
        return value;
    }

    private static String text(JsonNode message, String name) {
        JsonNode text = required(message, name);
        if (!text.isString()) {
            throw new WireViolation(name + " is not text.");
        }
        return text.stringValue();
    }

    private static @Nullable String optionalText(JsonNode message, String name) {
        JsonNode text = message.get(name);
        return text == null || text.isNull() ? null : text(message, name);
    }

    private static JsonNode required(JsonNode message, String name) {
        JsonNode member = message.get(name);
        if (member == null) {
            throw new WireViolation("A message lacks " + name + ".");
        }
        return member;
    }
}
