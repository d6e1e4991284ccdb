package dev.lockstep.live.connection;

/**
 * Why the server closes a socket. The client always connects again, after a time that depends on the text; the text says
 * no more than that.
 */
public enum CloseReason {
    /** The page broke the protocol; it has been told so and will not come back by itself. */
    PROTOCOL(1008, "ProtocolViolation"),
    /** The identity is not accepted, or no longer. */
    IDENTITY(1008, "Unauthenticated"),
    /** Nothing was said after opening. */
    NO_CONNECT(1008, "NoConnectMessage"),
    TOO_LONG(1009, "MessageTooLong"),
    /** Something here failed, and may work in a moment. */
    INTERNAL(1011, "InternalServerError"),
    /** The client is ahead of this node's clock. */
    BEHIND(1011, "InternalServerErrorClockBehind"),
    TOO_MANY_MUTATIONS(1013, "TooManyConcurrentMutations"),
    TOO_MANY_ACTIONS(1013, "TooManyConcurrentRequests"),
    TOO_MANY_MESSAGES(1013, "TooManyConcurrentRequests"),
    /** Frames could not be delivered for too long, or nothing at all was heard. */
    SLOW(1008, "SystemTimeoutError"),
    /** This node cannot reach the database; another one may. */
    CUT_OFF(1013, "SystemTimeoutErrorDatabase"),
    /** A mutation met an outage of the database and may or may not have been carried out; asked again, it will be known. */
    OUTAGE(1013, "CommitterFullErrorDatabase"),
    /** There are too many sockets. */
    CROWDED(1013, "TooManyConcurrentRequestsSockets"),
    /** This node stops. */
    STOPPING(1012, "ServerRestart");

    final int code;
    final String text;

    CloseReason(int code, String text) {
        this.code = code;
        this.text = text;
    }
}
