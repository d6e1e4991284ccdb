package dev.lockstep.workos;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A good answer of WorkOS, its body still as bytes. */
public final class Answer {
    private final byte[] body;
    private final @Nullable Instant date;

    Answer(byte[] body, @Nullable Instant date) {
        this.body = body;
        this.date = date;
    }

    /** Returns the body; shared, not to be changed. */
    public byte[] body() {
        return body;
    }

    /** Returns WorkOS's own time of the answer at a resolution of seconds, or null when it did not say. */
    public @Nullable Instant date() {
        return date;
    }
}
