package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.Malformed;
import dev.lockstep.workos.event.WorkOsEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A received event with its key. Only an event that can be read whole is filed under its own id: damaged bytes must not
 * take the place of the good copy that may follow.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
record Arrival(EventId key, @Nullable String type, byte[] sha256, Received received) {
    private static final String BY_CONTENT = "sha256:";

    static Arrival of(EventDecoder decoder, Received received) {
        byte[] sha256 = sha256(received.body());
        return switch (decoder.decode(received.body())) {
            case WorkOsEvent event ->
                new Arrival(event.envelope().id(), event.envelope().type(), sha256, received);
            case Malformed ignored -> new Arrival(byContent(sha256), null, sha256, received);
        };
    }

    EventId keyByContent() {
        return byContent(sha256);
    }

    boolean hasDigest(byte[] other) {
        return Arrays.equals(sha256, other);
    }

    private static EventId byContent(byte[] sha256) {
        return new EventId(BY_CONTENT + HexFormat.of().formatHex(sha256));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
