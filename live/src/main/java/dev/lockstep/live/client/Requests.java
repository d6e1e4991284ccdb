package dev.lockstep.live.client;

import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.live.wire.WireValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The mutations and actions that are not settled yet, in the order in which they were asked for. A mutation is settled when
 * the results show it; until then it is sent again over every new socket. An action is sent once. Not thread-safe.
 */
final class Requests {
    private final Map<Long, Request> open = new LinkedHashMap<>();
    private long next;

    /** One call on its way. */
    private static final class Request {
        final boolean mutation;
        final String frame;
        final CompletableFuture<@Nullable Object> promise = new CompletableFuture<>();
        boolean sent;
        /** When the results will show it; -1 before the response. */
        long shownFrom = -1;

        @Nullable
        Object result;

        Request(boolean mutation, String frame) {
            this.mutation = mutation;
            this.frame = frame;
        }
    }

    long nextId() {
        return next++;
    }

    CompletableFuture<@Nullable Object> add(long id, boolean mutation, String frame) {
        Request request = new Request(mutation, frame);
        open.put(id, request);
        return request.promise;
    }

    /** What has not gone out yet over this socket. */
    List<String> unsent() {
        List<String> frames = new ArrayList<>();
        for (Request request : open.values()) {
            if (!request.sent) {
                request.sent = true;
                frames.add(request.frame);
            }
        }
        return frames;
    }

    /** The socket is gone: mutations go out again, actions that went out are lost. */
    void disconnected() {
        List<Request> lost = open.values().stream()
                .filter(request -> !request.mutation && request.sent)
                .toList();
        open.values().removeAll(lost);
        open.values().forEach(request -> request.sent = false);
        lost.forEach(request -> request.promise.completeExceptionally(
                new LiveCallFailed("The connection was lost while the action was under way", null)));
    }

    void answered(JsonNode frame) {
        long id = frame.get("requestId").longValue();
        Request request = open.get(id);
        if (request == null) {
            return;
        }
        if (!frame.get("success").booleanValue()) {
            open.remove(id);
            request.promise.completeExceptionally(
                    LiveCallFailed.told(frame.get("result").asString(), QuerySet.optional(frame.get("errorData"))));
        } else if (request.mutation) {
            request.shownFrom = WireTimestamp.decode(frame.get("ts").asString());
            request.result = WireValues.decode(frame.get("result"));
        } else {
            open.remove(id);
            request.promise.complete(WireValues.decode(frame.get("result")));
        }
    }

    /** The results have reached this time. */
    void reached(long ts) {
        List<Map.Entry<Long, Request>> shown = open.entrySet().stream()
                .filter(entry -> entry.getValue().shownFrom >= 0 && entry.getValue().shownFrom <= ts)
                .toList();
        shown.forEach(entry -> open.remove(entry.getKey()));
        shown.forEach(entry -> entry.getValue().promise.complete(entry.getValue().result));
    }

    void failAll(String sentence) {
        List<Request> left = List.copyOf(open.values());
        open.clear();
        left.forEach(request -> request.promise.completeExceptionally(new LiveCallFailed(sentence, null)));
    }

    boolean isEmpty() {
        return open.isEmpty();
    }
}
