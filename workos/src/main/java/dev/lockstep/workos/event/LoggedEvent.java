package dev.lockstep.workos.event;

/**
 * Something that happened and left no object behind: worth keeping, with nothing to keep up to date.
 *
 * @param envelope id, type, time and the whole payload without secrets
 * @param log which log it belongs to
 */
public record LoggedEvent(Envelope envelope, Log log) implements WorkOsEvent {

    /** The logs. */
    public enum Log {
        /** Attempts to sign in, and how they ended. */
        AUTHENTICATION,
        /** All else. */
        GENERAL
    }
}
