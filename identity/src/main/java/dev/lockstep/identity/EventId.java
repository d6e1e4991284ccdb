package dev.lockstep.identity;

/**
 * The WorkOS id of an event ({@code event_…}), the same in a webhook and in the Events API.
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record EventId(String value) {
    public EventId {
        Ids.check("event id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
