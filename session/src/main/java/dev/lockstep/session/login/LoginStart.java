package dev.lockstep.session.login;

import java.util.List;

/**
 * The way out to WorkOS. Prints no secret.
 *
 * @param authorizeUrl where to send the browser
 * @param setCookies the {@code Set-Cookie} values to send along, each its own header: the new attempt's, and those that
 *     drop the oldest attempts
 */
public record LoginStart(String authorizeUrl, List<String> setCookies) {
    public LoginStart {
        setCookies = List.copyOf(setCookies);
    }

    @Override
    public String toString() {
        return "LoginStart[" + setCookies.size() + " cookies]";
    }
}
