package dev.lockstep.workos.authentication;

import org.jspecify.annotations.Nullable;

/**
 * What we know about the browser that signs in; WorkOS shows it in its list of sessions.
 *
 * @param ipAddress or null
 * @param userAgent or null
 */
public record Visitor(@Nullable String ipAddress, @Nullable String userAgent) {
    /** Nothing known. */
    public static final Visitor UNKNOWN = new Visitor(null, null);

    @Override
    public String toString() {
        return "Visitor[redacted]";
    }
}
