package dev.lockstep.workos;

import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.RawList;
import dev.lockstep.workos.json.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One page of a walk over objects, oldest first.
 *
 * @param items what could be read
 * @param unreadable why each of the others could not, without any of their content; a walk that ends with some of these
 *     must not take a missing object for a deleted one
 * @param cursor where the next page begins, or null on the last page
 * @param fetchStartedAt when the call began by our clock: the version of these snapshots
 * @param serverTime WorkOS's own time of the answer, or null
 * @param <T> the kind of object
 */
public record Page<T>(
        List<T> items,
        List<String> unreadable,
        @Nullable String cursor,
        Instant fetchStartedAt,
        @Nullable Instant serverTime) {
    /** The largest page WorkOS gives. */
    public static final int LIMIT = 100;

    public Page {
        items = List.copyOf(items);
        unreadable = List.copyOf(unreadable);
    }

    /** Returns where the next page begins; empty on the last page. */
    public Optional<String> next() {
        return Optional.ofNullable(cursor);
    }

    /** Returns the same page with each item replaced by others, any number of them. */
    public <R> Page<R> flatMap(Function<T, List<R>> others) {
        List<R> replaced =
                items.stream().flatMap(item -> others.apply(item).stream()).toList();
        return new Page<>(replaced, unreadable, cursor, fetchStartedAt, serverTime);
    }

    /**
     * Asks for one page.
     *
     * @param after the cursor of the page before, or null for the first one
     * @param reader reads one object, and throws {@link WorkOsException} for one that it cannot use
     */
    public static <T> Page<T> fetch(
            WorkOsClient client, Call list, @Nullable String after, Function<JsonNode, T> reader) {
        Call call = list.with("limit", String.valueOf(LIMIT)).with("order", "asc");
        Instant started = client.now();
        Answer answer = client.send(after == null ? call : call.with("after", after));
        RawList raw = RawList.cut(answer.body())
                .orElseThrow(() -> new WorkOsException(new MalformedAnswer("it is not a list of objects")));
        List<T> items = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (byte[] item : raw.items()) {
            switch (StrictJson.read(item)) {
                case JsonReading.Sound(JsonNode json) -> {
                    try {
                        items.add(reader.apply(json));
                    } catch (WorkOsException e) {
                        unreadable.add(e.problem().message());
                    }
                }
                case JsonReading.Refused(JsonReading.Fault fault, String detail) ->
                    unreadable.add(fault + ": " + detail);
            }
        }
        return new Page<>(items, unreadable, raw.after().orElse(null), started, answer.date());
    }
}
