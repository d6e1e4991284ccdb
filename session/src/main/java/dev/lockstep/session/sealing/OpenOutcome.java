package dev.lockstep.session.sealing;

import dev.lockstep.identity.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a session cookie's value. Nothing a visitor sends throws. */
public sealed interface OpenOutcome {

    /**
     * Authentic and readable.
     *
     * @param session the content
     * @param oldKey whether it should be sealed again under the current key
     * @param expiresAt when the seal runs out, or null if its writer set no end
     */
    record Opened(
            SealedSession session, boolean oldKey, @Nullable Instant expiresAt) implements OpenOutcome {}

    /** The seal has run out. */
    record Expired() implements OpenOutcome {}

    /** Not ours, damaged, or not a session. */
    record Unreadable(SealFault fault) implements OpenOutcome {}

    /**
     * Authentic, but the session it points to cannot be fetched now.
     *
     * @param reason one sentence for a log
     * @param session the session it is about
     */
    record Unavailable(String reason, SessionId session) implements OpenOutcome {}
}
