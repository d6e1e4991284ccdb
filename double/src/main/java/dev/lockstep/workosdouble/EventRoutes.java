package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /events}: always oldest first, whatever {@code order} says, and without the newest few seconds, as measured in
 * production. Tailing backwards ({@code before}) is refused.
 */
final class EventRoutes {
    private static final Duration LONGEST_RANGE = Duration.ofDays(30);

    private final World world;
    private final Duration holdBack;
    private final Duration retention;

    EventRoutes(World world, DoubleSettings settings) {
        this.world = world;
        this.holdBack = settings.holdBack();
        this.retention = settings.retention();
    }

    void addTo(Routes routes) {
        routes.key("GET", "/events", this::list);
    }

    /** From inclusive, until exclusive. */
    private record Window(Instant from, Instant until) {
        boolean holds(EventRecord event) {
            return !event.createdAt().isBefore(from) && event.createdAt().isBefore(until);
        }
    }

    private Response list(Request request) {
        int limit = Paging.limit(request);
        Set<String> types = Set.copyOf(request.queryList("events"));
        if (types.isEmpty()) {
            throw ApiRefusal.invalid("events", "events_required");
        }
        String after = request.query("after");
        Instant start = instant(request, "range_start");
        Instant end = instant(request, "range_end");
        if (after != null && start != null) {
            throw ApiRefusal.badRequest(
                    "invalid_request_parameters", "The parameters after and range_start exclude each other.");
        }
        if (start != null && end != null && Duration.between(start, end).compareTo(LONGEST_RANGE) > 0) {
            throw ApiRefusal.badRequest("invalid_request_parameters", "One request covers at most 30 days.");
        }
        if (request.query("before") != null) {
            throw ApiRefusal.invalid("before", "before_is_not_supported");
        }
        String organization = request.query("organization_id");
        Instant now = world.now();
        Instant oldest = now.minus(retention);
        Instant newest = now.minus(holdBack).plusMillis(1);
        Window window = new Window(
                start == null || start.isBefore(oldest) ? oldest : start,
                end == null || end.isAfter(newest) ? newest : end);
        return Response.ok(world.read(tables -> page(tables, types, after, organization, window, limit)));
    }

    private static ObjectNode page(
            Tables tables,
            Set<String> types,
            @Nullable String after,
            @Nullable String organization,
            Window window,
            int limit) {
        String from = after == null
                ? Ulids.floor("event", window.from().toEpochMilli())
                : cursor(tables, after, window).value();
        if (organization != null && tables.organizations.find(new OrganizationId(organization)) == null) {
            throw ApiRefusal.badRequest("invalid_organization", "The organization does not exist.");
        }
        ObjectNode answer = Json.object().put("object", "list");
        ArrayNode data = answer.putArray("data");
        String last = null;
        boolean more = false;
        for (Iterator<EventRecord> walk = tables.events.walk(types, organization, from, after == null);
                walk.hasNext() && !more; ) {
            EventRecord event = walk.next();
            if (!event.createdAt().isBefore(window.until())) {
                break;
            }
            if (window.holds(event)) {
                more = data.size() == limit;
                if (!more) {
                    data.add(Wire.event(event));
                    last = event.id().value();
                }
            }
        }
        answer.putObject("list_metadata").put("after", more ? last : null);
        return answer;
    }

    private static EventId cursor(Tables tables, String after, Window window) {
        EventId id = new EventId(after);
        EventRecord event = tables.events.find(id);
        if (event == null || event.createdAt().isBefore(window.from())) {
            throw ApiRefusal.badRequest("invalid_cursor", "The event '" + after + "' is unknown or too old.");
        }
        return id;
    }

    private static @Nullable Instant instant(Request request, String name) {
        List<String> values = request.queryList(name);
        if (values.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(values.getFirst());
        } catch (DateTimeParseException e) {
            throw ApiRefusal.invalid(name, name + "_must_be_an_iso_8601_instant");
        }
    }
}
