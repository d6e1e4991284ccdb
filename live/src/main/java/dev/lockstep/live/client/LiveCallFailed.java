package dev.lockstep.live.client;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mutation or an action that the server did not carry out, or of which nobody knows whether it did. */
public sealed class LiveCallFailed extends RuntimeException
        permits LiveConflict, LiveMutationTimedOut, LiveActionTimedOut {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Object data;

    LiveCallFailed(String message, @Nullable Object data) {
        super(message);
        this.data = data;
    }

    /** The failure that an answer tells of, as its own type if it is one of the server's. */
    static LiveCallFailed told(String message, @Nullable Object data) {
        return switch (code(data).orElse("")) {
            case "MUTATION_CONFLICT" -> new LiveConflict(message, data);
            case "MUTATION_TIMED_OUT" -> new LiveMutationTimedOut(message, data);
            case "ACTION_TIMED_OUT" -> new LiveActionTimedOut(message, data);
            default -> new LiveCallFailed(message, data);
        };
    }

    /** What the function or the server gave along for programs; null when there is nothing of the kind. */
    public @Nullable Object data() {
        return data;
    }

    /** The member {@code code} of the data, if it has one. */
    public Optional<String> code() {
        return code(data);
    }

    private static Optional<String> code(@Nullable Object data) {
        return data instanceof Map<?, ?> map && map.get("code") instanceof String code
                ? Optional.of(code)
                : Optional.empty();
    }
}
