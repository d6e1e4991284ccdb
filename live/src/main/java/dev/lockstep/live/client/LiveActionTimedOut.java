package dev.lockstep.live.client;

import org.jspecify.annotations.Nullable;

/** An action took longer than the server allows. What it did before stays done, and nothing repeats it. */
public final class LiveActionTimedOut extends LiveCallFailed {
    private static final long serialVersionUID = 1L;

    LiveActionTimedOut(String message, @Nullable Object data) {
        super(message, data);
    }
}
