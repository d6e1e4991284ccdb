package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsSession;

/**
 * A session began, or was ended by somebody; a session that merely ran out sends nothing.
 *
 * @param envelope id, type and time
 * @param kind what happened
 * @param session the whole object after it
 */
public record SessionEvent(Envelope envelope, Kind kind, WorkOsSession session) implements WorkOsEvent {

    /** What can happen to a session. */
    public enum Kind {
        /** Somebody signed in. */
        CREATED,
        /** It must not be honoured any longer. */
        REVOKED
    }
}
