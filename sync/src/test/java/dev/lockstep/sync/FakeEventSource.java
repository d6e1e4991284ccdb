package dev.lockstep.sync;

import dev.lockstep.identity.EventId;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.tail.EventSource;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.event.EventsApi.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An Events API over a list: ascending, in pages, with what WorkOS may do to a cursor on demand. */
public final class FakeEventSource implements EventSource {
    private final List<Emitted> events = new CopyOnWriteArrayList<>();
    private final int pageSize;
    public final List<Start> asked = new CopyOnWriteArrayList<>();
    /** Runs before the answer to a page is given. */
    public Runnable beforeAnswer = () -> {};
    /** A source that has forgotten its cursors either says so or begins again without a word. */
    public boolean restartsSilently;

    public FakeEventSource(int pageSize) {
        this.pageSize = pageSize;
    }

    public void add(Emitted event) {
        events.add(event);
    }

    public void addAll(List<Emitted> more) {
        events.addAll(more);
    }

    /** Forgets events from the front. */
    public void forget(int count) {
        events.subList(0, count).clear();
    }

    @Override
    public Page page(Start start) {
        asked.add(start);
        int from = from(start);
        List<Emitted> page = new ArrayList<>(events.subList(from, Math.min(events.size(), from + pageSize)));
        beforeAnswer.run();
        return new Page(
                page.stream()
                        .map(event -> new Item(event.body(), event.id(), event.createdAt()))
                        .toList(),
                page.isEmpty() ? null : page.getLast().id(),
                page.size() == pageSize,
                null);
    }

    private int from(Start start) {
        return switch (start) {
            case Start.Oldest() -> 0;
            case Start.From(var time) -> {
                int index = 0;
                while (index < events.size() && events.get(index).createdAt().isBefore(time)) {
                    index++;
                }
                yield index;
            }
            case Start.After(EventId id) -> {
                for (int i = 0; i < events.size(); i++) {
                    if (events.get(i).id().equals(id)) {
                        yield i + 1;
                    }
                }
                if (restartsSilently) {
                    yield 0;
                }
                throw new WorkOsException(new WorkOsProblem.Refused(400, "invalid_cursor"));
            }
        };
    }
}
