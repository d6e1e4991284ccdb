package dev.lockstep.sync.tail;

import dev.lockstep.identity.EventId;
import dev.lockstep.workos.event.EventsApi.Start;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the tail reads events from: as a rule the Events API of WorkOS. Implementations block. */
public interface EventSource {

    /**
     * Reads one page, oldest first.
     *
     * @throws dev.lockstep.workos.WorkOsException when there is no usable answer
     */
    Page page(Start start);

    /**
     * One event as it stood in the answer.
     *
     * @param body its bytes
     * @param id or null when it could not be read
     * @param createdAt or null when it could not be read
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
    record Item(byte[] body, @Nullable EventId id, @Nullable Instant createdAt) {}

    /**
     * One page.
     *
     * @param items oldest first, possibly empty
     * @param lastId where to go on, or null when the page gives nothing to go on from
     * @param more true when the next page can be asked for at once
     * @param serverTime the sender's own time of the answer, or null
     */
    record Page(
            List<Item> items,
            @Nullable EventId lastId,
            boolean more,
            @Nullable Instant serverTime) {
        public Page {
            items = List.copyOf(items);
        }
    }
}
