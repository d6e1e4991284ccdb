package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * A refusal as clients get it: RFC 9457, with {@code code} and {@code ref}, and with the members {@code success} and
 * {@code error} that older clients look for. It never says more than code, sentence and reference.
 *
 * @param status the HTTP status
 * @param code stable and documented in docs/errors.md
 * @param detail one sentence with the next step
 * @param next where signing in again would help, a path of ours, or null
 */
record Problem(
        HttpStatus status,
        String code,
        String detail,
        @Nullable String next) {
    static final String MEDIA_TYPE = "application/problem+json";

    Problem(HttpStatus status, String code, String detail) {
        this(status, code, detail, status == HttpStatus.UNAUTHORIZED ? "/api/auth/login" : null);
    }

    static Problem unauthorized() {
        return new Problem(HttpStatus.UNAUTHORIZED, "UNAUTHORIZED", "Nobody is signed in. Sign in and try again.");
    }

    static Problem invalidSession() {
        return new Problem(
                HttpStatus.UNAUTHORIZED,
                "INVALID_SESSION",
                "The session that came is not valid, or not any more. Sign in again.");
    }

    static Problem csrf() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "CSRF_FAILED",
                "The request carried no valid CSRF token. Reload the page and try again.");
    }

    static Problem cannotVerify() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "UPSTREAM_UNAVAILABLE",
                "The session cannot be verified right now. It is kept; try again in a few seconds.");
    }

    static Problem noDatabase() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "STORE_UNAVAILABLE",
                "The database does not answer right now. Nothing was lost; try again in a few seconds.");
    }

    static Problem broken() {
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "INTERNAL_ERROR",
                "Something went wrong here. Try again; if it stays so, tell support the reference.");
    }

    static Problem notKept() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "SESSION_NOT_STORED",
                "The session cannot be kept right now. The one before goes on; try again in a few seconds.");
    }

    static Problem notFound() {
        return new Problem(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is nothing here for you. Check the address.");
    }

    Map<String, Object> body(String path, String ref, @Nullable String signInUrl) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        body.put("detail", detail);
        body.put("instance", path);
        body.put("code", code);
        body.put("ref", ref);
        body.put("success", false);
        body.put("error", Map.of("code", code, "message", detail));
        if (signInUrl != null) {
            body.put("signInUrl", signInUrl);
        }
        return body;
    }

    void write(HttpServletRequest request, HttpServletResponse response, JsonMapper json) throws IOException {
        RequestLog.answered(request, code);
        response.setStatus(status.value());
        response.setContentType(MEDIA_TYPE);
        NoStore.on(response);
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", "3");
        }
        json.writeValue(response.getOutputStream(), body(request.getRequestURI(), Ref.of(request), next));
    }
}
