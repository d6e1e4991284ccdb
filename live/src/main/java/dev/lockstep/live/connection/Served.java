package dev.lockstep.live.connection;

/** How it stands with a socket at a moment. */
public enum Served {
    /** It may be moved there. */
    READY,
    /** The page shows this moment, or needs nothing. */
    DONE,
    /** Later; the connection or the engine's regular round brings it back. */
    LATER,
    /** The very next tick will do. */
    NEXT_TICK,
    /** It may be moved there once its questions are answered. */
    UNANSWERED
}
