package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened at WorkOS. One case per family of events, so that a switch over them stops compiling when a
 * family is added; what this version does not know is {@link Unrecognised}, not an error.
 */
public sealed interface WorkOsEvent extends DecodedEvent
        permits UserEvent, OrganizationEvent, MembershipEvent, SessionEvent, ObjectEvent, LoggedEvent, Unrecognised {

    /** Returns what every event has in common. */
    Envelope envelope();

    /** Returns the id, the same in a webhook and in the Events API. */
    default EventId id() {
        return envelope().id();
    }

    /** Returns the name, for example {@code user.updated}. */
    default String type() {
        return envelope().type();
    }

    /** Returns when it happened at WorkOS. */
    default Instant createdAt() {
        return envelope().createdAt();
    }

    /** Returns the payload without secrets; shared, not to be changed. */
    default JsonNode data() {
        return envelope().data();
    }
}
