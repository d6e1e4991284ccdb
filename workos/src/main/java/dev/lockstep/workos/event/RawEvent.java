package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import java.util.Optional;

/** One event of the Events API: its bytes as they stood in the answer, and what they turned out to be. */
public final class RawEvent {
    private final byte[] bytes;
    private final DecodedEvent decoded;

    RawEvent(byte[] bytes, DecodedEvent decoded) {
        this.bytes = bytes;
        this.decoded = decoded;
    }

    /** Returns the bytes, fit for the same inbox as the body of a webhook; shared, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the decoded event, or why there is none. */
    public DecodedEvent decoded() {
        return decoded;
    }

    /** Returns the id, as far as it could be read. */
    public Optional<EventId> id() {
        return switch (decoded) {
            case WorkOsEvent event -> Optional.of(event.id());
            case Malformed malformed -> Optional.ofNullable(malformed.knownId());
        };
    }
}
