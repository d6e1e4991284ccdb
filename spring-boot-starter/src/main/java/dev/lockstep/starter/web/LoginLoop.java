package dev.lockstep.starter.web;

import dev.lockstep.session.SessionCookies;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Notices a browser that comes back from WorkOS again and again and is sent out again each time, as happens when it
 * drops the session cookie or a page asks for somebody before it looks. Counts in a cookie of a minute. Not a limit for
 * attackers; those have their own.
 */
final class LoginLoop {
    /** How often a browser may come back within a minute before it is sent out no more. */
    static final int MOST = 3;

    static final String NAME = "lockstep-arrivals";

    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final SessionCookies cookies;

    LoginLoop(SessionCookies cookies) {
        this.cookies = cookies;
    }

    boolean isOn(HttpServletRequest request) {
        return arrivals(request) >= MOST;
    }

    void arrived(HttpServletRequest request, HttpServletResponse response) {
        int now = Math.min(arrivals(request) + 1, MOST);
        response.addHeader("Set-Cookie", cookies.setFlow(NAME, Integer.toString(now), MEMORY));
    }

    /** After the page that explains it, and after signing out, counting begins anew. */
    void forget(HttpServletRequest request, HttpServletResponse response) {
        if (arrivals(request) > 0) {
            response.addHeader("Set-Cookie", cookies.clearFlow(NAME));
        }
    }

    /** A cookie that is there twice was planted, and one that is no digit was made up: neither counts. */
    private static int arrivals(HttpServletRequest request) {
        List<String> found = SessionCookies.parse(Collections.list(request.getHeaders("Cookie"))).stream()
                .filter(pair -> pair.name().equals(NAME))
                .map(SessionCookies.Pair::value)
                .toList();
        boolean digit = found.size() == 1
                && found.getFirst().length() == 1
                && Character.isDigit(found.getFirst().charAt(0));
        return digit ? Character.digit(found.getFirst().charAt(0), 10) : 0;
    }
}
