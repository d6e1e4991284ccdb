package dev.lockstep.live.http;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.FunctionCalls.Reply;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireViolation;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The HTTP side of the protocol: {@code POST /api/query}, {@code /api/mutation}, {@code /api/action}, and {@code
 * /api/query_ts} with {@code /api/query_at_ts}. It takes bodies and bearer tokens and knows no container, no cookie and no origin. Thread-safe; blocks.
 */
public final class FunctionsOverHttp {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BEARER = "Bearer ";

    private final FunctionCalls calls;
    private final CallerAuthority authority;
    private final ConsistentReads consistent;
    private final Semaphore places;

    /**
     * Wires it.
     *
     * @param consistent holds moments open and reads at them
     * @param concurrent how many calls run at once; more are turned away
     */
    public FunctionsOverHttp(
            FunctionCalls calls, CallerAuthority authority, ConsistentReads consistent, int concurrent) {
        this.calls = calls;
        this.authority = authority;
        this.consistent = consistent;
        this.places = new Semaphore(concurrent);
    }

    /**
     * What goes back. The body is JSON.
     *
     * @param retryAfter after how many seconds it may go better; 0 when that is not known, and then it is not said
     */
    public record Response(int status, String body, long retryAfter) {
        static Response refused(int status, String code, String sentence) {
            return refused(status, code, sentence, status == 503 ? 1 : 0);
        }

        static Response refused(int status, String code, String sentence, long retryAfter) {
            ObjectNode body = JSON.createObjectNode().put("code", code).put("message", sentence);
            return new Response(status, body.toString(), retryAfter);
        }

        static Response of(ObjectNode body) {
            return new Response(200, body.toString(), 0);
        }
    }

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
        if (!places.tryAcquire()) {
            return Response.refused(503, "TooManyConcurrentRequests", "Too many calls run now. Try again in a moment.");
        }
        try {
            if (kind == Kind.QUERY_TS) {
                return consistent.take();
            }
            return switch (verdict(authorization)) {
                case null -> call(kind, body, new Caller.Anonymous());
                case Verdict.Accepted accepted -> call(kind, body, accepted.caller());
                case Verdict.Refused no -> Response.refused(401, "Unauthenticated", no.sentence());
                case Verdict.CannotVerify cannot ->
                    Response.refused(503, "ServiceUnavailable", "The token cannot be verified now. Try again.");
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

    private Response call(Kind kind, String body, Caller caller) {
        Request request;
        try {
            request = Request.read(JSON.readTree(body));
        } catch (JacksonException | WireViolation e) {
            return Response.refused(400, "InvalidRequest", "The body is not {\"path\", \"format\", \"args\"} as JSON.");
        }
        return switch (kind) {
            case QUERY -> said(calls.query(caller, request.call), request.lossy);
            case MUTATION -> said(calls.mutation(caller, request.call), request.lossy);
            case ACTION -> said(calls.action(caller, request.call), request.lossy);
            case QUERY_AT_TS ->
                switch (consistent.at(request.ts)) {
                    case ConsistentReads.Begun begun ->
                        said(calls.query(caller, request.call, begun.read()), request.lossy);
                    case ConsistentReads.Refused no -> no.response();
                };
            case QUERY_TS -> throw new IllegalStateException("answered before");
        };
    }

    private static Response said(Reply reply, boolean lossy) {
        return switch (reply) {
            case Reply.Done done -> done(done.resultJson(), lossy);
            case Reply.Failed failed -> failed(failed);
            case Reply.Unavailable unavailable -> Response.refused(503, "ServiceUnavailable", unavailable.sentence());
        };
    }

    /**
     * A body.
     *
     * @param lossy whether the caller wants plain JSON, bigints and bytes as text
     * @param ts the moment that it names, as it wrote it; empty when there is none
     */
    private record Request(Call call, boolean lossy, String ts) {
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
                    format.equals("json"),
                    body.path("ts").isString() ? body.path("ts").stringValue() : "");
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
        return Response.of(body);
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
        return Response.of(body);
    }
}
