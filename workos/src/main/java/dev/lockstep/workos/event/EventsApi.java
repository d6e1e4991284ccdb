package dev.lockstep.workos.event;

import dev.lockstep.identity.EventId;
import dev.lockstep.workos.Answer;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.json.RawList;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Events API: everything that happened, oldest first, a few seconds late and kept for about ninety days. It reads
 * pages; the cursor is kept by whoever stores the events. Safe for all threads; blocks and throws
 * {@code WorkOsException}.
 */
public final class EventsApi {
    private final WorkOsClient client;
    private final EventDecoder decoder = new EventDecoder();

    /** Uses a client with its urgency. */
    public EventsApi(WorkOsClient client) {
        this.client = client;
    }

    /** Where a page begins. */
    public sealed interface Start {

        /** Right after an event that was seen before. */
        record After(EventId id) implements Start {}

        /** At a point in time, inclusive. */
        record From(Instant time) implements Start {}

        /** At the oldest event WorkOS still has. */
        record Oldest() implements Start {}
    }

    /**
     * Returns one page of at most {@link Page#LIMIT} events.
     *
     * @param types the event types to list, never empty: WorkOS has no way to say "all"
     */
    public EventPage page(List<String> types, Start start) {
        if (types.isEmpty()) {
            throw new IllegalArgumentException("no event type is asked for; name at least one");
        }
        Call call = Call.get("/events")
                .with("events", String.join(",", types))
                .with("order", "asc")
                .with("limit", String.valueOf(Page.LIMIT));
        Answer answer = client.send(
                switch (start) {
                    case Start.After(EventId id) -> call.with("after", id.value());
                    case Start.From(Instant time) ->
                        call.with("range_start", DateTimeFormatter.ISO_INSTANT.format(time));
                    case Start.Oldest() -> call;
                });
        RawList raw = RawList.cut(answer.body())
                .orElseThrow(() -> new WorkOsException(new MalformedAnswer("it is not a list of events")));
        List<RawEvent> events = raw.items().stream()
                .map(bytes -> new RawEvent(bytes, decoder.decode(bytes)))
                .toList();
        EventId cursor = cursor(events, raw.after());
        boolean moved = cursor != null && !(start instanceof Start.After(EventId before) && before.equals(cursor));
        boolean more = moved && (raw.after().isPresent() || events.size() >= Page.LIMIT);
        return new EventPage(events, cursor, more, answer.date());
    }

    private static @Nullable EventId cursor(List<RawEvent> events, Optional<String> named) {
        if (events.isEmpty()) {
            return null;
        }
        Optional<EventId> last = events.getLast().id();
        return last.or(() -> named.filter(text -> !text.isBlank() && text.length() <= 255)
                        .map(EventId::new))
                .or(() -> events.reversed().stream()
                        .flatMap(event -> event.id().stream())
                        .findFirst())
                .orElse(null);
    }
}
