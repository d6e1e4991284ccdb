package dev.lockstep.live.connection;

import dev.lockstep.live.wire.ServerMessage;
import dev.lockstep.live.wire.ServerMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way out of one connection, and how well it flows. Not thread-safe: the connection's lock guards it. */
final class Line {
    private final Outbound outbound;
    private final InstantSource clock;
    private final ConnectionLimits limits;
    private Instant lastSentAt;
    private Instant lastPingAt;
    /** Whether the container can ask the other side for a sign of life. */
    private boolean pings = true;
    /** Since when, at every look, frames were waiting; null when none were at the last look. */
    private @Nullable Instant stuckSince;
    /** Goes true once. */
    private boolean closed;

    private long sent;

    Line(Outbound outbound, InstantSource clock, ConnectionLimits limits) {
        this.outbound = outbound;
        this.clock = clock;
        this.limits = limits;
        this.lastSentAt = clock.instant();
        this.lastPingAt = lastSentAt;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether results had better wait, because earlier ones have not gone out. */
    boolean isFull() {
        return outbound.unsent() >= limits.unsentFrames();
    }

    void send(ServerMessage message) {
        if (!closed) {
            sent++;
            ServerMessages.frames(message, Long.toString(sent)).forEach(outbound::send);
            lastSentAt = clock.instant();
        }
    }

    void close(CloseReason reason) {
        if (!closed) {
            closed = true;
            outbound.close(reason.code, reason.text);
        }
    }

    /** The other side has closed. */
    void ended() {
        closed = true;
    }

    /** Breaks a long silence, asks for signs of life, and says when nothing gets through. */
    Optional<CloseReason> tend(Instant lastHeardAt) {
        Instant now = clock.instant();
        if (pings && passed(lastPingAt, limits.signOfLifeEvery(), now)) {
            lastPingAt = now;
            pings = outbound.ping();
        }
        if (pings && passed(lastHeardAt, limits.unheardFor(), now)) {
            return Optional.of(CloseReason.SLOW);
        }
        if (outbound.unsent() == 0) {
            stuckSince = null;
        } else if (stuckSince == null) {
            stuckSince = now;
        } else if (passed(stuckSince, limits.unsentFor(), now)) {
            return Optional.of(CloseReason.SLOW);
        }
        if (passed(lastSentAt, limits.pingAfter(), now)) {
            send(new ServerMessage.Ping());
        }
        return Optional.empty();
    }

    static boolean passed(Instant since, Duration limit, Instant now) {
        return Duration.between(since, now).compareTo(limit) >= 0;
    }
}
