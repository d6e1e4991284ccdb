package dev.lockstep.session.login;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a way back from WorkOS ends. */
public sealed interface LoginOutcome {

    /**
     * Signed in. Make sure of the local rows first, write the session cookie and these last.
     *
     * @param result what WorkOS answered
     * @param token what the access token says
     * @param returnPath where to go, always a path of this site
     * @param setCookies the {@code Set-Cookie} values that drop the attempt
     * @param appState what the application gave along, or null
     * @param origin where the page is when the attempt came back to another callback address; null for the usual one
     */
    record SignedIn(
            AuthenticationResult result,
            AccessToken token,
            String returnPath,
            List<String> setCookies,
            @Nullable String appState,
            @Nullable String origin)
            implements LoginOutcome {}

    /**
     * WorkOS began this by itself (an invitation, an impersonation), or a code was lost on the way: begin a login of our
     * own, which ends at once when the person is still signed in there.
     *
     * @param returnPath where to go afterwards
     * @param setCookies the {@code Set-Cookie} values that drop the attempt
     */
    record RestartLogin(String returnPath, List<String> setCookies) implements LoginOutcome {}

    /**
     * No session. If the request carries a valid session, {@link LoginFault#STATE_REPLAYED} and
     * {@link LoginFault#PKCE_COOKIE_MISSING} mean a double submit: go on to the home page.
     *
     * @param fault why
     * @param providerCode WorkOS's own code, letters, digits and underscores only, or null
     * @param setCookies the {@code Set-Cookie} values that drop the attempt
     */
    record Refused(LoginFault fault, @Nullable String providerCode, List<String> setCookies) implements LoginOutcome {}

    /**
     * Nobody can say now. Answer 503 and keep the attempt's cookie: the same address may be tried once more.
     *
     * @param reason one sentence for a log
     * @param retryAfter when to try again
     */
    record Unavailable(String reason, Duration retryAfter) implements LoginOutcome {}
}
