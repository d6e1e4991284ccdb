package dev.lockstep.live.wire;

import dev.lockstep.live.wire.ServerMessage.Failure;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes server messages. Values arrive as finished JSON text and are spliced in, so that many sockets share one. */
public final class ServerMessages {
    /** Above this many UTF-8 bytes the client wants a Transition in pieces. */
    static final int LONGEST_FRAME = 5_000_000;

    private static final JsonFactory JSON = new JsonFactory();

    private ServerMessages() {}

    /** Writes one message as one text frame. */
    public static String write(ServerMessage message) {
        if (message instanceof ServerMessage.Transition transition) {
            return TransitionText.write(transition);
        }
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            body(json, message);
            json.writeEndObject();
        }
        return text.toString();
    }

    /**
     * Writes one message as the frames that carry it: several for a long Transition, which must follow each other without
     * another message in between, and one for anything else.
     *
     * @param transitionId names the pieces of this Transition; unique on its socket
     */
    public static List<String> frames(ServerMessage message, String transitionId) {
        return frames(message, transitionId, LONGEST_FRAME);
    }

    static List<String> frames(ServerMessage message, String transitionId, int longest) {
        String whole = write(message);
        // A char takes at most three bytes in UTF-8, so a third of the limit in chars always fits.
        int longestChunk = longest / 3;
        if (!(message instanceof ServerMessage.Transition) || whole.length() <= longestChunk) {
            return List.of(whole);
        }
        List<String> chunks = split(whole, longestChunk);
        List<String> frames = new ArrayList<>(chunks.size());
        for (String chunk : chunks) {
            frames.add(write(new ServerMessage.TransitionChunk(chunk, frames.size(), chunks.size(), transitionId)));
        }
        return frames;
    }

    private static List<String> split(String whole, int longest) {
        List<String> chunks = new ArrayList<>();
        int start = 0;
        while (start < whole.length()) {
            int end = Math.min(start + longest, whole.length());
            if (end < whole.length() && Character.isHighSurrogate(whole.charAt(end - 1))) {
                end--;
            }
            chunks.add(whole.substring(start, end));
            start = end;
        }
        return chunks;
    }

    private static void body(JsonGenerator json, ServerMessage message) {
        switch (message) {
            case ServerMessage.Transition transition ->
                throw new IllegalStateException("A Transition is written by " + TransitionText.class);
            case ServerMessage.TransitionChunk part -> {
                type(json, "TransitionChunk");
                json.writeStringProperty("chunk", part.chunk());
                json.writeNumberProperty("partNumber", part.partNumber());
                json.writeNumberProperty("totalParts", part.totalParts());
                json.writeStringProperty("transitionId", part.transitionId());
            }
            case ServerMessage.MutationSucceeded reply -> {
                type(json, "MutationResponse");
                json.writeNumberProperty("requestId", reply.requestId());
                json.writeBooleanProperty("success", true);
                raw(json, "result", reply.resultJson());
                json.writeStringProperty("ts", WireTimestamp.encode(reply.ts()));
                noLogLines(json);
            }
            case ServerMessage.MutationFailed reply ->
                failed(json, "MutationResponse", reply.requestId(), reply.failure());
            case ServerMessage.ActionSucceeded reply -> {
                type(json, "ActionResponse");
                json.writeNumberProperty("requestId", reply.requestId());
                json.writeBooleanProperty("success", true);
                raw(json, "result", reply.resultJson());
                noLogLines(json);
            }
            case ServerMessage.ActionFailed reply -> failed(json, "ActionResponse", reply.requestId(), reply.failure());
            case ServerMessage.AuthError error -> {
                type(json, "AuthError");
                json.writeStringProperty("error", error.error());
                json.writeNumberProperty("baseVersion", error.baseVersion());
                json.writeBooleanProperty("authUpdateAttempted", error.authUpdateAttempted());
            }
            case ServerMessage.FatalError error -> {
                type(json, "FatalError");
                json.writeStringProperty("error", error.error());
            }
            case ServerMessage.Ping ping -> type(json, "Ping");
        }
    }

    private static void failed(JsonGenerator json, String type, long requestId, Failure failure) {
        type(json, type);
        json.writeNumberProperty("requestId", requestId);
        json.writeBooleanProperty("success", false);
        json.writeStringProperty("result", failure.message());
        errorData(json, failure);
        noLogLines(json);
    }

    private static void errorData(JsonGenerator json, Failure failure) {
        if (failure.dataJson() != null) {
            raw(json, "errorData", failure.dataJson());
        }
    }

    private static void type(JsonGenerator json, String type) {
        json.writeStringProperty("type", type);
    }

    private static void noLogLines(JsonGenerator json) {
        json.writeArrayPropertyStart("logLines");
        json.writeEndArray();
    }

    private static void raw(JsonGenerator json, String name, String finished) {
        json.writeName(name);
        json.writeRawValue(finished);
    }
}
