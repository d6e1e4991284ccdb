package dev.lockstep.live.function;

import dev.lockstep.live.wire.WireValues;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error that a function wants the browser to see: its message and its data arrive there as they are (the client raises
 * a {@code ConvexError} with this data). Any other exception reaches the browser only as a request id.
 */
public final class LiveError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String dataJson;

    /**
     * An error with a sentence for people and data for programs.
     *
     * @param sentence shown as it is; no secrets
     * @param data a value as {@link WireValues} describes them, such as a map with a {@code code}
     */
    public LiveError(String sentence, @Nullable Object data) {
        this(sentence, WireValues.encode(data));
    }

    private LiveError(String sentence, JsonNode data) {
        super(sentence);
        this.dataJson = data.toString();
    }

    /** The same error as one that was told in JSON before. */
    static LiveError told(String sentence, String dataJson) {
        return new LiveError(sentence, JsonMapper.shared().readTree(dataJson));
    }

    String dataJson() {
        return dataJson;
    }
}
