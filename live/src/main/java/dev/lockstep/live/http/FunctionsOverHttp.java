package dev.lockstep.live.http;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.FunctionCalls.Reply;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.live.wire.WireViolation;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The HTTP side of the protocol: {@code POST /api/query}, {@code /api/mutation}, {@code /api/action} and {@code
 * /api/query_ts}. It takes bodies and bearer tokens and knows no container, no cookie and no origin. Thread-safe; blocks.
 */
public final class FunctionsOverHttp {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BEARER = "Bearer ";

    private final FunctionCalls calls;
    private final CallerAuthority authority;
    private final LongSupplier newestTs;
    private final Semaphore places;

    /**
     * Wires it.
     *
     * @param newestTs the clock value of the newest tick, 0 before the first
     * @param concurrent how many calls run at once; more are turned away
     */
    public FunctionsOverHttp(FunctionCalls calls, CallerAuthority authority, LongSupplier newestTs, int concurrent) {
        this.calls = calls;
        this.authority = authority;
        this.newestTs = newestTs;
        this.places = new Semaphore(concurrent);
    }

    /** What goes back. The body is JSON. */
    public record Response(int status, String body) {}

    /** What is asked for: the last part of the address. */
    public enum Kind {
        QUERY,
        MUTATION,
        ACTION,
        QUERY_TS,
        QUERY_AT_TS;

        /** The kind that an address ends with. */
        public static Optional<Kind> of(String path) {
            return switch (path) {
                case "/api/query" -> Optional.of(QUERY);
                case "/api/mutation" -> Optional.of(MUTATION);
                case "/api/action" -> Optional.of(ACTION);
                case "/api/query_ts" -> Optional.of(QUERY_TS);
                case "/api/query_at_ts" -> Optional.of(QUERY_AT_TS);
                default -> Optional.empty();
            };
        }
    }

    /**
     * Answers one request.
     *
     * @param authorization the header of that name, or null; never written anywhere
     */
    public Response answer(Kind kind, String body, @Nullable String authorization) {
        if (kind == Kind.QUERY_TS) {
            return timestamp();
        }
        if (kind == Kind.QUERY_AT_TS) {
            return refused(400, "Unsupported", "Queries at an earlier time are not offered. Use query().");
        }
        if (!places.tryAcquire()) {
            return refused(503, "TooManyConcurrentRequests", "Too many calls run now. Try again in a moment.");
        }
        try {
            return switch (verdict(authorization)) {
                case null -> call(kind, body, new Caller.Anonymous());
                case Verdict.Accepted accepted -> call(kind, body, accepted.caller());
                case Verdict.Refused no -> refused(401, "Unauthenticated", no.sentence());
                case Verdict.CannotVerify cannot ->
                    refused(503, "ServiceUnavailable", "The token cannot be verified now. Try again.");
            };
        } finally {
            places.release();
        }
    }

    private @Nullable Verdict verdict(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        return authorization.startsWith(BEARER)
                ? authority.authenticate(authorization.substring(BEARER.length()))
                : new Verdict.Refused("Only bearer tokens are accepted here.");
    }

    private Response timestamp() {
        long ts = newestTs.getAsLong();
        return ts == 0
                ? refused(503, "ServiceUnavailable", "This node has not seen the database yet. Try again.")
                : new Response(
                        200,
                        JSON.createObjectNode()
                                .put("ts", WireTimestamp.encode(ts))
                                .toString());
    }

    private Response call(Kind kind, String body, Caller caller) {
        Request request;
        try {
            request = Request.read(JSON.readTree(body));
        } catch (JacksonException | WireViolation e) {
            return refused(400, "InvalidRequest", "The body is not {\"path\", \"format\", \"args\"} as JSON.");
        }
        Reply reply = switch (kind) {
            case QUERY -> calls.query(caller, request.call);
            case MUTATION -> calls.mutation(caller, request.call);
            case ACTION -> calls.action(caller, request.call);
            case QUERY_TS, QUERY_AT_TS -> throw new IllegalStateException("answered before");
        };
        return switch (reply) {
            case Reply.Done done -> done(done.resultJson(), request.lossy);
            case Reply.Failed failed -> failed(failed);
            case Reply.Unavailable unavailable -> refused(503, "ServiceUnavailable", unavailable.sentence());
        };
    }

    /**
     * A body.
     *
     * @param lossy whether the caller wants plain JSON, bigints and bytes as text
     */
    private record Request(Call call, boolean lossy) {
        static Request read(JsonNode body) {
            JsonNode path = body.path("path");
            JsonNode args = body.path("args");
            JsonNode component = body.path("componentPath");
            String format = body.path("format").asString("json");
            boolean known = format.equals("json") || format.equals("convex_encoded_json");
            JsonNode only = args.isArray() && args.size() == 1 ? args.get(0) : args;
            if (!path.isString() || !only.isObject() || !known) {
                throw new WireViolation("Not a call.");
            }
            return new Request(
                    new Call(
                            FunctionPath.of(path.stringValue()),
                            only,
                            component.isString() ? component.stringValue() : null),
                    format.equals("json"));
        }
    }

    private static Response done(String resultJson, boolean lossy) {
        ObjectNode body = JSON.createObjectNode().put("status", "success");
        if (lossy) {
            body.set("value", PlainJson.of(JSON.readTree(resultJson)));
        } else {
            body.putRawValue("value", new tools.jackson.databind.util.RawValue(resultJson));
        }
        body.putArray("logLines");
        return new Response(200, body.toString());
    }

    private static Response failed(Reply.Failed failed) {
        ObjectNode body = JSON.createObjectNode()
                .put("status", "error")
                .put("errorMessage", failed.failure().message());
        String data = failed.failure().dataJson();
        if (data != null) {
            body.set("errorData", JSON.readTree(data));
        }
        body.putArray("logLines");
        return new Response(200, body.toString());
    }

    private static Response refused(int status, String code, String sentence) {
        return new Response(
                status,
                JSON.createObjectNode()
                        .put("code", code)
                        .put("message", sentence)
                        .toString());
    }
}
