package dev.lockstep.live.wire;

import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.ServerMessage.QueryChange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes Transitions, of which there are by far the most: values are finished JSON text, made once for all sockets, and
 * only the few numbers around them differ from one socket to the next.
 */
final class TransitionText {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int AROUND = 200;
    private static final int AROUND_A_CHANGE = 80;

    private TransitionText() {}

    static String write(ServerMessage.Transition transition) {
        StringBuilder text = new StringBuilder(length(transition));
        text.append("{\"type\":\"Transition\",\"startVersion\":");
        version(text, transition.start());
        text.append(",\"endVersion\":");
        version(text, transition.end());
        text.append(",\"modifications\":[");
        boolean first = true;
        for (QueryChange change : transition.changes()) {
            if (!first) {
                text.append(',');
            }
            first = false;
            change(text, change);
        }
        text.append(']');
        Double skew = transition.clientClockSkewMillis();
        if (skew != null && !skew.isNaN() && !skew.isInfinite()) {
            text.append(",\"clientClockSkew\":").append(skew.doubleValue());
        }
        return text.append('}').toString();
    }

    private static int length(ServerMessage.Transition transition) {
        int length = AROUND;
        for (QueryChange change : transition.changes()) {
            length += AROUND_A_CHANGE;
            if (change instanceof QueryChange.Updated updated) {
                length += updated.valueJson().length();
            }
        }
        return length;
    }

    private static void version(StringBuilder text, StateVersion version) {
        text.append("{\"querySet\":")
                .append(version.querySet())
                .append(",\"identity\":")
                .append(version.identity())
                .append(",\"ts\":\"")
                .append(WireTimestamp.encode(version.ts()))
                .append("\"}");
    }

    private static void change(StringBuilder text, QueryChange change) {
        switch (change) {
            case QueryChange.Updated updated -> {
                text.append("{\"type\":\"QueryUpdated\",\"queryId\":")
                        .append(updated.queryId())
                        .append(",\"value\":")
                        .append(updated.valueJson())
                        .append(",\"logLines\":[],\"journal\":");
                quoted(text, updated.journal());
                text.append('}');
            }
            case QueryChange.Failed failed -> failed(text, failed.queryId(), failed.failure());
            case QueryChange.Removed removed ->
                text.append("{\"type\":\"QueryRemoved\",\"queryId\":")
                        .append(removed.queryId())
                        .append('}');
        }
    }

    private static void failed(StringBuilder text, long queryId, Failure failure) {
        text.append("{\"type\":\"QueryFailed\",\"queryId\":").append(queryId).append(",\"errorMessage\":");
        quoted(text, failure.message());
        text.append(",\"logLines\":[]");
        if (failure.dataJson() != null) {
            text.append(",\"errorData\":").append(failure.dataJson());
        }
        text.append(",\"journal\":null}");
    }

    private static void quoted(StringBuilder text, @Nullable String value) {
        text.append(value == null ? "null" : JSON.writeValueAsString(value));
    }
}
