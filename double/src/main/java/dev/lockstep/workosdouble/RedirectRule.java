package dev.lockstep.workosdouble;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where a browser may be sent: the configured addresses, or any loopback address when none is configured. */
record RedirectRule(List<URI> allowed) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** The redirect URI of a sign-in; a configured one has to match exactly. */
    Optional<URI> callback(String text) {
        return parsed(text).filter(uri -> allowed.isEmpty() ? isLoopback(uri) : allowed.contains(uri));
    }

    /** The address after signing out: any page of the origins that may receive a sign-in. */
    Optional<URI> returnTo(String text) {
        return parsed(text)
                .filter(uri -> allowed.isEmpty()
                        ? isLoopback(uri)
                        : allowed.stream().anyMatch(known -> origin(known).equals(origin(uri))));
    }

    static String origin(URI uri) {
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://"
                + uri.getHost().toLowerCase(Locale.ROOT)
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private static boolean isLoopback(URI uri) {
        return LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
    }

    private static Optional<URI> parsed(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            boolean plain = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getFragment() == null;
            return web && plain ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
