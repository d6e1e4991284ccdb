package dev.lockstep.live.function;

import dev.lockstep.live.subscription.ColumnType.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cursors of one run of a function. A cursor is good for the same function, the same other arguments and, if the
 * function had looked at its caller by then, the same caller; and for the same table and order.
 */
final class Pages {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final CursorSealer sealer;
    private final Supplier<String> purpose;
    private final @Nullable String journalBefore;
    private @Nullable String journal;
    private boolean used;

    Pages(CursorSealer sealer, Supplier<String> purpose, @Nullable String journalBefore) {
        this.sealer = sealer;
        this.purpose = purpose;
        this.journalBefore = journalBefore;
    }

    /** A place in an order, or the end of all. */
    record Place(@Nullable List<Value> values) {
        static final Place END = new Place(null);

        boolean isEnd() {
            return values == null;
        }

        List<Value> position() {
            return values == null ? List.of() : values;
        }
    }

    @Nullable
    String journal() {
        return journal;
    }

    /** One page per run: its end is what the journal holds. */
    void begin() {
        if (used) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_PAGINATED_TWICE,
                    "A function reads one page at most; read the rest by take() or in a query of its own");
        }
        used = true;
    }

    void endsAt(String cursor) {
        journal = cursor;
    }

    /** Where the page ended when it was read first, with the cursor that says so. */
    Optional<String> endBefore(Scan scan) {
        return Optional.ofNullable(journalBefore)
                .filter(text -> opened(text, scan).isPresent());
    }

    Place open(String cursor, Scan scan) {
        return opened(cursor, scan).orElseThrow(Pages::invalid);
    }

    String cursor(Place place, Scan scan) {
        Object content = place.isEnd()
                ? Map.of("end", true)
                : Map.of("at", place.position().stream().map(Value::text).toList());
        return sealer.seal(JSON.writeValueAsString(content), purpose(scan));
    }

    private Optional<Place> opened(String cursor, Scan scan) {
        return sealer.open(cursor, purpose(scan)).flatMap(content -> place(content, scan));
    }

    private static Optional<Place> place(String content, Scan scan) {
        try {
            JsonNode json = JSON.readTree(content);
            if (json.has("end")) {
                return Optional.of(Place.END);
            }
            JsonNode at = json.path("at");
            List<Value> values = new ArrayList<>();
            for (int i = 0; i < scan.order().size(); i++) {
                values.add(scan.order().get(i).value(at.path(i).asString()));
            }
            return at.size() == values.size() ? Optional.of(new Place(values)) : Optional.empty();
        } catch (JacksonException | LiveProblem e) {
            return Optional.empty();
        }
    }

    /** Whatever is in the statement but its bounds and values. */
    private String purpose(Scan scan) {
        return purpose.get() + "\n"
                + scan.from(dev.lockstep.live.subscription.Stretch.Bound.NONE)
                        .to(dev.lockstep.live.subscription.Stretch.Bound.NONE)
                        .text();
    }

    static LiveError invalid() {
        return new LiveError(
                "InvalidCursor: the cursor is not one that this query has given out. Begin with the first page.",
                Map.of("isConvexSystemError", true, "paginationError", "InvalidCursor"));
    }
}
