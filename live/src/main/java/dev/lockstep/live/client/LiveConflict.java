package dev.lockstep.live.client;

import org.jspecify.annotations.Nullable;

/** Others were in the way of a mutation in every attempt. Nothing was changed, and the same call may succeed now. */
public final class LiveConflict extends LiveCallFailed {
    private static final long serialVersionUID = 1L;

    LiveConflict(String message, @Nullable Object data) {
        super(message, data);
    }
}
