package dev.lockstep.session;

import dev.lockstep.session.problem.SessionProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says what our cookies look like, so that setting, renewing and deleting always agree.
 *
 * @param name the session cookie's name
 * @param publicUrl the address people use, such as {@code https://app.example.com}; decides {@code Secure}
 * @param maxAge how long a session cookie lives without being used
 * @param sameSite when the browser sends it along
 * @param domain the domain to share the cookies with, or null for this host only
 */
public record CookieSettings(
        String name,
        String publicUrl,
        Duration maxAge,
        SameSite sameSite,
        @Nullable String domain) {
    /** The name WorkOS's libraries use. */
    public static final String DEFAULT_NAME = "wos-session";
    /** How long a session cookie lives unless said otherwise. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

    private static final Duration LONGEST_MAX_AGE = Duration.ofDays(400);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$&'*+.^_`|~-]{1,64}");
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    /** When the browser sends a cookie along; never with every request, which would open the door to forgery. */
    public enum SameSite {
        /** With requests of this site and when somebody follows a link to it. */
        LAX("Lax"),
        /** Only with requests of this site, so not with the page right after signing in, which WorkOS leads to. */
        STRICT("Strict");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }

        /** Returns the attribute's value. */
        public String text() {
            return text;
        }
    }

    /** @throws SessionProblem naming everything that is wrong */
    public CookieSettings {
        var problems = new ArrayList<String>();
        if (!TOKEN.matcher(name).matches()) {
            problems.add("the cookie name may hold letters, digits and - _ . only, at most 64: choose another");
        }
        if (maxAge.compareTo(Duration.ofMinutes(1)) < 0 || maxAge.compareTo(LONGEST_MAX_AGE) > 0) {
            problems.add("the cookie's max age is " + maxAge.toSeconds() + " s: choose 60 to "
                    + LONGEST_MAX_AGE.toSeconds());
        }
        String host = host(publicUrl, problems);
        if (domain != null && !covers(domain, host)) {
            problems.add("the cookie domain must be the public URL's host or a parent of it, without a leading dot");
        }
        if (name.startsWith("__Host-") && (domain != null || !publicUrl.startsWith("https://"))) {
            problems.add("a __Host- cookie needs an https public URL and no domain: drop the prefix or the domain");
        }
        SessionProblem.throwIfAny(SessionProblem.Code.SESSION_COOKIE_SETTINGS_INVALID, problems);
    }

    /** Returns the defaults for an address: {@code wos-session}, seven days, Lax, this host only. */
    public static CookieSettings at(String publicUrl) {
        return new CookieSettings(DEFAULT_NAME, publicUrl, DEFAULT_MAX_AGE, SameSite.LAX, null);
    }

    /** Returns whether the cookies travel over https only. */
    public boolean secure() {
        return publicUrl.startsWith("https://");
    }

    /** Returns the public address without a trailing slash. */
    public String origin() {
        return publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl;
    }

    private static String host(String publicUrl, List<String> problems) {
        try {
            URI uri = new URI(publicUrl);
            String host = uri.getHost();
            boolean origin = host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
            if (origin && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLoopback(host)))) {
                return host.toLowerCase(Locale.ROOT);
            }
        } catch (URISyntaxException malformed) {
            // reported below, without the value
        }
        problems.add("the public URL must be https://host, or http://localhost on one's own machine, without a path");
        return "";
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static boolean covers(String domain, String host) {
        return DOMAIN.matcher(domain).matches()
                && domain.indexOf('.') > 0
                && (host.equals(domain) || host.endsWith("." + domain));
    }
}
