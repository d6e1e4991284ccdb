package dev.lockstep.starter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Origins and hosts that are trusted, each written out, or with a star for exactly one whole label in front
 * ({@code https://*.app.example}). Nothing is matched by its end alone, so {@code https://evil-app.example} never is.
 * Immutable.
 */
public final class OriginPatterns {
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern ORIGIN =
            Pattern.compile("https?://(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*(:\\d{1,5})?");
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final int LONGEST = 300;

    private final List<Pattern> patterns;

    private OriginPatterns(List<String> written) {
        this.patterns = written.stream().map(OriginPatterns::compiled).toList();
    }

    /** Returns patterns; call {@link #problem} for each first. */
    public static OriginPatterns of(List<String> written) {
        return new OriginPatterns(written);
    }

    /** Returns whether one of the patterns means this very origin or host, in small letters as browsers send it. */
    public boolean matches(@Nullable String text) {
        return text != null
                && text.length() <= LONGEST
                && patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }

    /** Returns what is wrong with an origin or pattern of origins, as the end of a sentence. */
    static Optional<String> problem(String origin) {
        if (!ORIGIN.matcher(origin).matches() || isWide(origin.replaceFirst("^https?://", ""))) {
            return Optional.of("holds something that is not an origin; write scheme and host in small letters, such as"
                    + " https://admin.example.com or https://*.example.com, never a star alone");
        }
        return origin.startsWith("http://") && !ConfigurationCheck.isSafe(java.net.URI.create(origin.replace("*", "x")))
                ? Optional.of("holds a plain http origin on a host that is not this machine; use https")
                : Optional.empty();
    }

    /** The same for hosts without a scheme. */
    static Optional<String> hostProblem(String host) {
        return HOST.matcher(host.toLowerCase(Locale.ROOT)).matches() && !isWide(host)
                ? Optional.empty()
                : Optional.of("holds something that is not a host; write it without scheme and port, such as"
                        + " app.example.com or *.example.com");
    }

    /** A star before a single label would trust a whole top-level domain. */
    private static boolean isWide(String host) {
        return host.startsWith("*.") && host.substring(2).indexOf('.') < 0 && !host.startsWith("*.localhost");
    }

    private static Pattern compiled(String written) {
        String exact = Pattern.quote(written.toLowerCase(Locale.ROOT));
        return Pattern.compile(exact.replace("*.", "\\E" + LABEL + "\\Q."));
    }
}
