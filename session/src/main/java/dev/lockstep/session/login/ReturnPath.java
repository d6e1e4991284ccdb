package dev.lockstep.session.login;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns an address that anybody may have written into a path of this site, the way a browser would read it: controls
 * and tabs are dropped, backslashes are slashes, a scheme and a host are taken off, dots are resolved, and exactly one
 * slash stands in front. What a browser would not read as a web address is the home page.
 *
 * <p>{@code java.net.URI} follows another grammar than browsers do, so it is not used. One thing is stricter than a
 * browser: schemes other than http and https are not looked into, because their paths keep backslashes.
 */
public final class ReturnPath {
    /** Where to go when there is nowhere else. */
    public static final String HOME = "/";

    private static final int LONGEST = 1024;
    private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):");
    private static final Set<String> DOT = Set.of(".", "%2e");
    private static final Set<String> DOT_DOT = Set.of("..", ".%2e", "%2e.", "%2e%2e");

    private ReturnPath() {}

    /** Returns a path of this site, with query and fragment: ASCII, no control characters, one leading slash. */
    public static String of(@Nullable String untrusted) {
        if (untrusted == null || untrusted.length() > LONGEST) {
            return HOME;
        }
        String cleaned = withoutTabsAndBreaks(stripped(untrusted));
        String path = withoutOrigin(cleaned).map(ReturnPath::resolved).orElse(HOME);
        return path.length() > LONGEST ? HOME : path;
    }

    /** Spaces and controls around it, as browsers strip them. */
    private static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return text.substring(start, end);
    }

    private static String withoutTabsAndBreaks(String text) {
        return text.replace("\t", "").replace("\n", "").replace("\r", "");
    }

    /** What follows the scheme and the host, or nothing if it is no web address. */
    private static Optional<String> withoutOrigin(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.find()) {
            return leadingSlashes(text, 0) >= 2 ? withoutHost(text, 0) : Optional.of(text);
        }
        String name = scheme.group(1).toLowerCase(Locale.ROOT);
        if (name.equals("https") && !text.startsWith("//", scheme.end())) {
            String rest = text.substring(scheme.end());
            return leadingSlashes(rest, 0) >= 2 ? withoutHost(rest, 0) : Optional.of(rest);
        }
        return name.equals("http") || name.equals("https") ? withoutHost(text, scheme.end()) : Optional.empty();
    }

    private static Optional<String> withoutHost(String text, int from) {
        int start = from + leadingSlashes(text, from);
        int end = start;
        while (end < text.length() && "/\\?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end == start ? Optional.empty() : Optional.of(text.substring(end));
    }

    private static int leadingSlashes(String text, int from) {
        int count = 0;
        while (from + count < text.length() && isSlash(text.charAt(from + count))) {
            count++;
        }
        return count;
    }

    private static String resolved(String text) {
        int fragmentAt = text.indexOf('#');
        String fragment = fragmentAt < 0 ? "" : text.substring(fragmentAt + 1);
        String beforeFragment = fragmentAt < 0 ? text : text.substring(0, fragmentAt);
        int queryAt = beforeFragment.indexOf('?');
        String query = queryAt < 0 ? "" : beforeFragment.substring(queryAt + 1);
        String path = queryAt < 0 ? beforeFragment : beforeFragment.substring(0, queryAt);
        var result = new StringBuilder(oneLeadingSlash(segments(path)));
        if (!query.isEmpty()) {
            result.append('?').append(UrlEscapes.query(query));
        }
        if (!fragment.isEmpty()) {
            result.append('#').append(UrlEscapes.fragment(fragment));
        }
        return result.toString();
    }

    private static String segments(String path) {
        var kept = new java.util.ArrayList<String>();
        String[] parts = path.replace('\\', '/').split("/", -1);
        for (int i = parts.length > 1 && parts[0].isEmpty() ? 1 : 0; i < parts.length; i++) {
            String lower = parts[i].toLowerCase(Locale.ROOT);
            boolean last = i == parts.length - 1;
            if (DOT_DOT.contains(lower)) {
                if (!kept.isEmpty()) {
                    kept.removeLast();
                }
            } else if (!DOT.contains(lower)) {
                kept.add(UrlEscapes.path(parts[i]));
                continue;
            }
            if (last) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String oneLeadingSlash(String path) {
        return "/" + path.substring(leadingSlashes(path, 0));
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }
}
