package dev.lockstep.starter.socket;

import org.springframework.web.socket.CloseStatus;

/** Writes messages to one socket of a container, one at a time. */
interface SocketWriter {
    /** Writes a text message; tells one of both, once, on any thread, perhaps before this returns. */
    void text(String text, Runnable written, Runnable broken);

    /** Asks for a sign of life; the rest as with a text. */
    void ping(Runnable written, Runnable broken);

    /** Closes the socket, if it is still there. */
    void close(CloseStatus status);
}
