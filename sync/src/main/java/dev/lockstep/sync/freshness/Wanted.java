package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;

/** What somebody waits for. */
sealed interface Wanted {
    /** An event has been dealt with. */
    record Event(EventId id) implements Wanted {}

    /** An object has come so far. */
    record Change(MirroredObject object, Version version) implements Wanted {}
}
