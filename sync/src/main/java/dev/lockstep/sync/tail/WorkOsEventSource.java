package dev.lockstep.sync.tail;

import dev.lockstep.workos.event.EventPage;
import dev.lockstep.workos.event.EventTypes;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workos.event.Malformed;
import dev.lockstep.workos.event.RawEvent;
import dev.lockstep.workos.event.WorkOsEvent;
import java.util.List;

/** The Events API of WorkOS, for the event types that have a place in the mirror. Thread-safe. */
public final class WorkOsEventSource implements EventSource {
    private final EventsApi events;
    private final List<String> types;

    /** Reads every type that has a case of its own. */
    public WorkOsEventSource(EventsApi events) {
        this(events, EventTypes.recognised());
    }

    /** Reads the given types, never empty. */
    public WorkOsEventSource(EventsApi events, List<String> types) {
        this.events = events;
        this.types = List.copyOf(types);
    }

    @Override
    public Page page(EventsApi.Start start) {
        EventPage page = events.page(types, start);
        return new Page(
                page.events().stream().map(WorkOsEventSource::item).toList(),
                page.lastId(),
                page.more(),
                page.serverTime());
    }

    private static Item item(RawEvent event) {
        return switch (event.decoded()) {
            case WorkOsEvent known ->
                new Item(event.bytes(), known.envelope().id(), known.envelope().createdAt());
            case Malformed malformed -> new Item(event.bytes(), malformed.knownId(), null);
        };
    }
}
