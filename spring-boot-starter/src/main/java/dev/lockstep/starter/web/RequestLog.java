package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.starter.ErrorTracker;
import dev.lockstep.starter.LogLine;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Says in the log what became of each request: failures as a warning and to the {@link ErrorTracker}, all others at DEBUG.
 * It names the route and never the address, which holds what visitors write.
 */
final class RequestLog implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String CODE = RequestLog.class.getName() + ".code";
    private static final String CAUSE = RequestLog.class.getName() + ".cause";
    private static final String UNKNOWN = "INTERNAL_ERROR";

    private final ErrorTracker tracker;
    private final LongSupplier nanos;

    /** @param nanos a clock for durations */
    RequestLog(ErrorTracker tracker, LongSupplier nanos) {
        this.tracker = tracker;
        this.nanos = nanos;
    }

    /** Notes what a problem document of this request says. */
    static void answered(HttpServletRequest request, String code) {
        request.setAttribute(CODE, code);
    }

    /** Notes what was thrown in this request and has become an answer. */
    static void because(HttpServletRequest request, Throwable cause) {
        request.setAttribute(CAUSE, cause);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer)) {
            chain.doFilter(request, response);
            return;
        }
        long begun = nanos.getAsLong();
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException escaped) {
            Throwable root =
                    escaped instanceof ServletException && escaped.getCause() != null ? escaped.getCause() : escaped;
            because(http, root);
            failed(http, HttpStatus.INTERNAL_SERVER_ERROR.value(), begun);
            throw escaped;
        }
        if (answer.getStatus() >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            failed(http, answer.getStatus(), begun);
        } else {
            line("request.done", http, answer.getStatus(), begun).write(LOG, Level.DEBUG);
        }
    }

    private void failed(HttpServletRequest request, int status, long begun) {
        Throwable cause = request.getAttribute(CAUSE) instanceof Throwable thrown ? thrown : null;
        line("request.failed", request, status, begun)
                .with("cause", cause == null ? null : cause.getClass().getSimpleName())
                .write(LOG, Level.WARN);
        try {
            tracker.failed(new ErrorTracker.Failure(
                    Optional.ofNullable(code(request)).orElse(UNKNOWN),
                    Ref.of(request),
                    where(request),
                    tags(request),
                    cause));
        } catch (RuntimeException broken) {
            LOG.error("an error tracker failed; the request is not affected", broken);
        }
    }

    private LogLine line(String event, HttpServletRequest request, int status, long begun) {
        Map<String, String> tags = tags(request);
        return LogLine.of(event)
                .with("route", where(request))
                .with("status", status)
                .with("code", code(request))
                .with("user", tags.get("user"))
                .with("organization", tags.get("organization"))
                .with("ms", TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - begun))
                .with("ref", Ref.of(request));
    }

    private static @Nullable String code(HttpServletRequest request) {
        return request.getAttribute(CODE) instanceof String code ? code : null;
    }

    private static String where(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return request.getMethod() + " " + (pattern == null ? "-" : pattern);
    }

    private static Map<String, String> tags(HttpServletRequest request) {
        Map<String, String> tags = new HashMap<>();
        if (RequestCaller.of(request) instanceof RequestCaller.Known(Caller.SignedIn caller)) {
            tags.put("user", caller.user().value());
            caller.organization().map(OrganizationId::value).ifPresent(id -> tags.put("organization", id));
        }
        return tags;
    }
}
