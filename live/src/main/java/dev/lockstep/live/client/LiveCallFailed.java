package dev.lockstep.live.client;

import org.jspecify.annotations.Nullable;

/** A mutation or an action that the server did not carry out, or of which nobody knows whether it did. */
public final class LiveCallFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Object data;

    LiveCallFailed(String message, @Nullable Object data) {
        super(message);
        this.data = data;
    }

    /** What the function gave along for programs; null when the failure is not the application's own. */
    public @Nullable Object data() {
        return data;
    }
}
