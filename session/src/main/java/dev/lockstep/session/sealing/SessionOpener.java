package dev.lockstep.session.sealing;

/** Turns a cookie's value into the session it stands for. Never throws on what it is given; safe for all threads. */
public interface SessionOpener {

    /** Opens a cookie's value. */
    OpenOutcome open(String value);

    /**
     * Returns whether the value only points to a session kept elsewhere, so that what it stands for may change while the
     * value does not.
     */
    default boolean isReference(String value) {
        return false;
    }
}
