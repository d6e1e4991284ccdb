package dev.lockstep.session.login;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way back from WorkOS, as the browser brought it. Prints no secret.
 *
 * @param parameters the query parameters, decoded, with every value of each
 * @param cookieHeaders the {@code Cookie} headers
 * @param ipAddress the visitor's address, or null
 * @param userAgent the visitor's browser, or null
 */
public record CallbackRequest(
        Map<String, List<String>> parameters,
        List<String> cookieHeaders,
        @Nullable String ipAddress,
        @Nullable String userAgent) {

    @Override
    public String toString() {
        return "CallbackRequest" + parameters.keySet();
    }
}
