package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;
import java.time.Instant;

/** From when on the mirror is new enough for somebody who waits. A tombstone is newer than everything but itself. */
public sealed interface Version {
    /**
     * That event of the object, or a later one.
     *
     * @param createdAt the event's time
     * @param id the event's id, which decides between events of the same time
     */
    record OfEvent(Instant createdAt, EventId id) implements Version {}

    /**
     * The object as it was after a change, or later.
     *
     * @param updatedAt what the object says of itself
     */
    record OfChange(Instant updatedAt) implements Version {}

    /** The object is deleted. */
    record Gone() implements Version {}
}
