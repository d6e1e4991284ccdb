package dev.lockstep.session.login;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Feeds the reader of return paths: whatever comes out is a path of this site, for every reader of addresses. */
public final class ReturnPathFuzz {
    private static final String SITE = "https://app.example.test";

    private ReturnPathFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        check(ReturnPath.of(new String(data, StandardCharsets.UTF_8)));
        check(ReturnPath.of(new String(data, StandardCharsets.ISO_8859_1)));
        check(ReturnPath.of("/" + new String(data, StandardCharsets.UTF_8)));
    }

    private static void check(String path) {
        String beforeQuery = path.split("[?#]", 2)[0];
        boolean local = path.startsWith("/")
                && !path.startsWith("//")
                && beforeQuery.indexOf('\\') < 0
                && path.chars().noneMatch(c -> c <= ' ' || c > '~');
        if (!local) {
            throw new IllegalStateException("a return path leads elsewhere");
        }
        if (!ReturnPath.of(path).equals(path)) {
            throw new IllegalStateException("a return path changes when it is read again");
        }
        String strict = beforeQuery.replaceAll("[^A-Za-z0-9/._~%-]|%(?![0-9A-Fa-f]{2})", "_");
        if (!"app.example.test".equals(URI.create(SITE + strict).getHost())) {
            throw new IllegalStateException("a return path names another host");
        }
    }
}
