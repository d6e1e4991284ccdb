package dev.lockstep.workos;

import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.WorkOsProblem.UnauthorizedKey;
import dev.lockstep.workos.WorkOsProblem.Unavailable;
import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.StrictJson;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sorts HTTP answers into good ones and problems. A status alone never counts as a verdict of WorkOS: a 4xx without a
 * JSON object may come from anything on the way, and must not sign anybody out or delete a row.
 */
final class Verdict {
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_CODE = 64;
    private static final Set<String> OUR_KEY = Set.of("invalid_client", "unauthorized_client", "unauthorized");

    private Verdict() {}

    /** Returns the problem an answer stands for, or null for a good one. */
    static @Nullable WorkOsProblem problem(
            HttpResponse<byte[]> response, int attempt, Instant now, Duration longestRetryAfter) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return null;
        }
        if (status == 429) {
            Duration pause = retryAfter(response.headers(), now, longestRetryAfter);
            return new RateLimited(pause == null ? DEFAULT_PAUSE : pause);
        }
        if (status == 408 || status >= 500) {
            return new Unavailable(status, attempt);
        }
        if (status < 400) {
            return new MalformedAnswer("status " + status + " where an answer was due");
        }
        return refusal(status, response.body());
    }

    static @Nullable Duration retryAfter(HttpHeaders headers, Instant now, Duration longest) {
        return headers.firstValue("Retry-After")
                .flatMap(text -> RetryAfter.parse(text, now, longest))
                .orElse(null);
    }

    private static WorkOsProblem refusal(int status, byte[] body) {
        if (status == 401) {
            return new UnauthorizedKey(status);
        }
        if (!(StrictJson.read(body) instanceof JsonReading.Sound(JsonNode json)) || !json.isObject()) {
            return new MalformedAnswer("status " + status + " without a JSON object");
        }
        if (status == 404 && isMissingPath(json.get("message"))) {
            return new MalformedAnswer("there is no such path at this address");
        }
        String error = code(json.get("error"));
        String code = error == null ? code(json.get("code")) : error;
        return code != null && OUR_KEY.contains(code) ? new UnauthorizedKey(status) : new Refused(status, code);
    }

    /** Returns the object of a refusal, for the one call that goes on from it; null for every other problem. */
    static @Nullable JsonNode details(WorkOsProblem problem, HttpResponse<byte[]> response) {
        return problem instanceof Refused
                        && StrictJson.read(response.body()) instanceof JsonReading.Sound(JsonNode json)
                ? json
                : null;
    }

    /** A path that WorkOS does not have is our mistake; it must not read as an object that is gone. */
    private static boolean isMissingPath(@Nullable JsonNode message) {
        return message != null && message.isString() && message.stringValue().startsWith("Cannot ");
    }

    /** Takes only what looks like a code, for it will be logged. */
    private static @Nullable String code(@Nullable JsonNode value) {
        if (value == null || !value.isString()) {
            return null;
        }
        String text = value.stringValue();
        boolean plain = !text.isEmpty()
                && text.length() <= LONGEST_CODE
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
        return plain ? text : null;
    }
}
