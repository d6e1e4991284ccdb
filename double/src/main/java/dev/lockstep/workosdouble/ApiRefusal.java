package dev.lockstep.workosdouble;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A request that the API refuses, with the status and body that production would send. */
final class ApiRefusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ObjectNode body;
    private final @Nullable Duration retryAfter;

    private ApiRefusal(int status, ObjectNode body) {
        this(status, body, null);
    }

    private ApiRefusal(int status, ObjectNode body, @Nullable Duration retryAfter) {
        super("WorkOS would answer " + status + " " + body);
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    /** The answer to whoever asked. */
    Response response() {
        Response answer = Response.json(status, body);
        return retryAfter == null
                ? answer
                : answer.with("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000))));
    }

    static ApiRefusal tooMany(Duration retryAfter) {
        return new ApiRefusal(
                429, Json.object().put("message", "Too Many Requests").put("code", "rate_limit_exceeded"), retryAfter);
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        return body;
    }

    static ApiRefusal unauthorized() {
        return new ApiRefusal(401, Json.object().put("message", "Unauthorized"));
    }

    static ApiRefusal notFound(String entity, String id) {
        return new ApiRefusal(
                404,
                Json.object()
                        .put("message", entity + " not found: '" + id + "'.")
                        .put("code", "entity_not_found")
                        .put("entity_id", id));
    }

    static ApiRefusal noSuchRoute(String method, String path) {
        return new ApiRefusal(
                404,
                Json.object().put("message", "Cannot " + method + " " + path).put("error", "Not Found"));
    }

    static ApiRefusal badRequest(String code, String message) {
        return new ApiRefusal(400, Json.object().put("message", message).put("code", code));
    }

    static ApiRefusal conflict(String code, String message) {
        return new ApiRefusal(409, Json.object().put("message", message).put("code", code));
    }

    static ApiRefusal tooLarge() {
        return new ApiRefusal(413, Json.object().put("message", "Payload Too Large"));
    }

    /** One field is missing or wrong. */
    static ApiRefusal invalid(String field, String code) {
        ObjectNode body = Json.object().put("message", "Validation failed").put("code", "invalid_request_parameters");
        body.putArray("errors").addObject().put("field", field).put("code", code);
        return new ApiRefusal(422, body);
    }

    static ApiRefusal unprocessable(String code, String message, String errorCode) {
        ObjectNode body = Json.object().put("message", message).put("code", code);
        body.putArray("errors").addObject().put("code", errorCode).put("message", message);
        return new ApiRefusal(422, body);
    }

    static ApiRefusal oauth(int status, String error, String description) {
        return new ApiRefusal(status, Json.object().put("error", error).put("error_description", description));
    }
}
