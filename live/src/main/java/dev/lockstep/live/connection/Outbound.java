package dev.lockstep.live.connection;

/**
 * The way to one browser: a socket that is open, as the container gives it. Implementations are thread-safe, never block
 * and never throw; after a close they ignore everything.
 */
public interface Outbound {
    /** Queues one text frame. Frames go out in the order of the calls. */
    void send(String text);

    /**
     * Closes the socket after the frames that are queued.
     *
     * @param code a WebSocket close code
     * @param reason ASCII, at most 123 characters; the client's waiting time before it reconnects depends on its prefix
     */
    void close(int code, String reason);

    /**
     * Asks the other side for a sign of life; the answer is told to {@link LiveConnection#onPong}.
     *
     * @return false when this way out cannot ask; then a silent socket is not closed
     */
    default boolean ping() {
        return false;
    }

    /** How many frames are queued and not yet written to the network. */
    int unsent();
}
