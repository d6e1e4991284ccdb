package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All events in id order, with one list a type and one an organization, so that a page of rare events costs what the
 * page costs. Ids only grow, so adding is appending. Guarded by the world's lock.
 */
final class EventLog {
    private static final Comparator<EventRecord> ORDER =
            Comparator.comparing(event -> event.id().value());

    private final List<EventRecord> all = new ArrayList<>();
    private final Map<String, List<EventRecord>> byType = new HashMap<>();
    private final Map<String, List<EventRecord>> byOrganization = new HashMap<>();

    void add(EventRecord event) {
        insert(all, event);
        insert(byType.computeIfAbsent(event.event(), type -> new ArrayList<>()), event);
        if (event.organization() != null) {
            insert(byOrganization.computeIfAbsent(event.organization().value(), id -> new ArrayList<>()), event);
        }
    }

    private static void insert(List<EventRecord> events, EventRecord event) {
        if (events.isEmpty() || ORDER.compare(events.getLast(), event) < 0) {
            events.add(event);
            return;
        }
        int place = Collections.binarySearch(events, event, ORDER);
        if (place >= 0) {
            events.set(place, event);
        } else {
            events.add(-place - 1, event);
        }
    }

    void clear() {
        all.clear();
        byType.clear();
        byOrganization.clear();
    }

    @Nullable
    EventRecord find(EventId id) {
        int place = from(all, id.value(), true);
        return place < all.size() && all.get(place).id().equals(id) ? all.get(place) : null;
    }

    Collection<EventRecord> all() {
        return Collections.unmodifiableList(all);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * The events of these types from an id on, in order.
     *
     * @param organization only its events, or null for those of everybody
     */
    Iterator<EventRecord> walk(Set<String> types, @Nullable String organization, String from, boolean inclusive) {
        if (organization != null) {
            List<EventRecord> own = byOrganization.getOrDefault(organization, List.of());
            return own.subList(from(own, from, inclusive), own.size()).stream()
                    .filter(event -> types.contains(event.event()))
                    .iterator();
        }
        return new Merge(types.stream()
                .map(type -> byType.getOrDefault(type, List.of()))
                .map(events -> events.subList(from(events, from, inclusive), events.size())
                        .iterator())
                .toList());
    }

    /** The place of the first event at or after the id. */
    private static int from(List<EventRecord> events, String id, boolean inclusive) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int compared = events.get(middle).id().value().compareTo(id);
            if (compared < 0 || (compared == 0 && !inclusive)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Many ordered walks as one. */
    private static final class Merge implements Iterator<EventRecord> {
        private final PriorityQueue<Head> heads = new PriorityQueue<>(
                Comparator.comparing(head -> head.event().id().value()));

        private record Head(EventRecord event, Iterator<EventRecord> rest) {}

        Merge(List<Iterator<EventRecord>> walks) {
            walks.forEach(this::offer);
        }

        private void offer(Iterator<EventRecord> walk) {
            if (walk.hasNext()) {
                heads.add(new Head(walk.next(), walk));
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public EventRecord next() {
            Head first = heads.poll();
            if (first == null) {
                throw new NoSuchElementException();
            }
            offer(first.rest());
            return first.event();
        }
    }
}
