package dev.lockstep.live.client;

import org.jspecify.annotations.Nullable;

/** A statement of a mutation took too long, or waited too long for others. Nothing was changed; it may be called again. */
public final class LiveMutationTimedOut extends LiveCallFailed {
    private static final long serialVersionUID = 1L;

    LiveMutationTimedOut(String message, @Nullable Object data) {
        super(message, data);
    }
}
