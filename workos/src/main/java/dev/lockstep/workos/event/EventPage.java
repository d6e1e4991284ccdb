package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of events, oldest first.
 *
 * @param events possibly empty
 * @param lastId where to go on: the id of the last event of the page, or null when the page gives none and the reader
 *     keeps the cursor it has. WorkOS's own cursor is null on the last page and is used only when the last event has no
 *     readable id
 * @param more true when the next page can be asked for at once
 * @param serverTime WorkOS's own time of the answer, or null
 */
public record EventPage(
        List<RawEvent> events,
        @Nullable EventId lastId,
        boolean more,
        @Nullable Instant serverTime) {
    public EventPage {
        events = List.copyOf(events);
    }

    /** Returns where to go on; empty means: keep the cursor you have. */
    public Optional<EventId> after() {
        return Optional.ofNullable(lastId);
    }
}
