package dev.lockstep.workos.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A list answer of WorkOS, cut into its items without reading them: one item that cannot be read must not take the other
 * ninety-nine with it.
 */
public final class RawList {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private final List<byte[]> items;
    private final @Nullable String after;

    private RawList(List<byte[]> items, @Nullable String after) {
        this.items = items;
        this.after = after;
    }

    /** Returns the bytes of each item exactly as they stood in the answer. */
    public List<byte[]> items() {
        return items;
    }

    /** Returns the cursor WorkOS names; on a last page there is none, even when more will come later. */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** Cuts {@code {"data": […], "list_metadata": {"after": …}}}; empty when the body has not this shape. */
    public static Optional<RawList> cut(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            return read(parser, body);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<RawList> read(JsonParser parser, byte[] body) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        List<byte[]> items = null;
        String after = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if ("data".equals(name) && value == JsonToken.START_ARRAY) {
                items = items(parser, body);
            } else if ("list_metadata".equals(name) && value == JsonToken.START_OBJECT) {
                after = after(parser);
            } else {
                parser.skipChildren();
            }
        }
        boolean complete = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        return items == null || !complete ? Optional.empty() : Optional.of(new RawList(List.copyOf(items), after));
    }

    private static List<byte[]> items(JsonParser parser, byte[] body) {
        List<byte[]> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != null && token != JsonToken.END_ARRAY; ) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getByteOffset();
            items.add(Arrays.copyOfRange(body, start, end));
            token = parser.nextToken();
        }
        return items;
    }

    private static @Nullable String after(JsonParser parser) {
        String after = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if ("after".equals(name) && value == JsonToken.VALUE_STRING) {
                after = parser.getString();
            } else {
                parser.skipChildren();
            }
        }
        return after;
    }
}
