package dev.lockstep.live.function;

import dev.lockstep.live.shape.Mismatch;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.wire.ClientMessage;
import dev.lockstep.live.wire.ClientMessages;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.live.wire.WireViolation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the readers of arguments: the argument of a call as JSON, and a cursor. What is taken comes back as it went in; all
 * else is refused in words; no cursor that was made up opens.
 */
public final class ArgumentsFuzz {
    private static final ClientMessages MESSAGES = new ClientMessages();
    private static final Shape EVERYTHING = Shape.of(RecordArgumentsTest.Everything.class);
    private static final Shape PAGE = Shape.of(PageOptions.class);
    private static final CursorSealer CURSORS = new CursorSealer(List.of(new byte[32]));
    private static final String FRAME = "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[%s]}";

    private ArgumentsFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        if (CURSORS.open(text, "somewhere").isPresent()) {
            throw new IllegalStateException("a cursor that nobody sealed opens");
        }
        try {
            FunctionPath.of(text);
        } catch (WireViolation refused) {
            // In words.
        }
        try {
            if (MESSAGES.parse(FRAME.formatted(text)) instanceof ClientMessage.Mutation mutation) {
                take(QueryRunner.arguments(mutation.call().args()));
            }
        } catch (WireViolation | ArgumentRefused refused) {
            if (String.valueOf(refused.getMessage()).isBlank()) {
                throw new IllegalStateException("a refusal without a word", refused);
            }
        }
    }

    private static void take(Map<String, @Nullable Object> arguments) {
        String once = WireValues.encode(arguments).toString();
        if (!once.equals(WireValues.encode(WireValues.decode(WireValues.encode(arguments)))
                .toString())) {
            throw new IllegalStateException("a value does not come back as it went in");
        }
        try {
            EVERYTHING.write(EVERYTHING.read(arguments, "arguments"), "arguments");
        } catch (Mismatch refused) {
            // In words, which repeat no value.
        }
        try {
            PAGE.read(arguments, "paginationOpts");
        } catch (Mismatch refused) {
            // The same.
        }
    }
}
