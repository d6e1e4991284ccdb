package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;
import java.time.Instant;

/** What somebody waits for. */
sealed interface Wanted {
    /** An event has been dealt with. */
    record Event(EventId id) implements Wanted {}

    /** Every event up to a time of WorkOS has been dealt with. */
    record Through(Instant time) implements Wanted {}

    /** An object has come so far. */
    record Change(MirroredObject object, Version version) implements Wanted {}
}
