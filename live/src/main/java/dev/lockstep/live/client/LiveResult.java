package dev.lockstep.live.client;

import org.jspecify.annotations.Nullable;

/** What a query says at one moment. */
public sealed interface LiveResult {
    /** A value as {@link dev.lockstep.live.wire.WireValues} describes them. */
    record Value(@Nullable Object value) implements LiveResult {}

    /**
     * The query fails.
     *
     * @param message one sentence
     * @param data what the function gave along for programs, or null
     */
    record Failed(String message, @Nullable Object data) implements LiveResult {}
}
