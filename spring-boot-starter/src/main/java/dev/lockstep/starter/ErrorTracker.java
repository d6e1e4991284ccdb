package dev.lockstep.starter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The door for an error tracker: an application declares a bean of it and hands on what it is given. It hears of requests
 * and live functions that failed, not of refusals. Called on the thread that failed, so it must not block; what it throws
 * is logged and changes nothing.
 */
@FunctionalInterface
public interface ErrorTracker {
    /** Hears nothing. */
    ErrorTracker NONE = failure -> {};

    /**
     * Something failed.
     *
     * @param code stable and listed in docs/errors.md
     * @param ref the reference that the person sees and the log knows
     * @param where the route that failed, such as {@code GET /api/v1/sessions}, or {@code live} and a function, without
     *     anything a visitor wrote
     * @param tags ids for sorting: {@code user}, {@code organization}, where known
     * @param cause what was thrown, or null; its message may repeat values of rows, so look before it leaves the
     *     house
     */
    record Failure(
            String code,
            String ref,
            String where,
            Map<String, String> tags,
            @Nullable Throwable cause) {
        public Failure {
            tags = Map.copyOf(tags);
        }

        @Override
        public String toString() {
            return "Failure[" + code + " " + ref + " " + where + "]";
        }
    }

    /** Hands it on. */
    void failed(Failure failure);
}
