package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;

/** What became of an event that was received; in every case it is safe to acknowledge it. */
public sealed interface Receipt {
    /** The key under which the event lies in the inbox: its own id, or {@code sha256:<hex>} when it has none. */
    EventId key();

    /** It is new and is committed. */
    record Stored(EventId key) implements Receipt {}

    /** It was there already; nothing changed. */
    record Duplicate(EventId key) implements Receipt {}

    /**
     * The same mouth had delivered another body under this id; this one is kept too, parked, and never applied by
     * itself.
     *
     * @param key the id that is taken
     * @param keptAs where this body lies
     */
    record Conflict(EventId key, EventId keptAs) implements Receipt {}
}
