package dev.lockstep.session.login;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.CookieSettings;
import org.jspecify.annotations.Nullable;

/** Where to send a browser so that WorkOS ends the session too. Safe for any number of threads. */
public final class LogoutUrls {
    private final LoginSettings login;
    private final CookieSettings cookies;

    public LogoutUrls(LoginSettings login, CookieSettings cookies) {
        this.login = login;
        this.cookies = cookies;
    }

    /**
     * Returns WorkOS's logout address.
     *
     * @param session the session to end
     * @param untrustedReturnTo where to come back to; anything but a path of this site becomes the home page
     */
    public String toEnd(SessionId session, @Nullable String untrustedReturnTo) {
        return login.workOsUrl() + "/user_management/sessions/logout?session_id="
                + AuthorizeUrl.escaped(session.value()) + "&return_to="
                + AuthorizeUrl.escaped(cookies.origin() + ReturnPath.of(untrustedReturnTo));
    }
}
