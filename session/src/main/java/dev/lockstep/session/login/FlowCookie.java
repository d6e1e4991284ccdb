package dev.lockstep.session.login;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The name of a login attempt's cookie: one for each attempt, so that five open tabs do not disturb each other. */
final class FlowCookie {
    static final String PREFIX = "wos-auth-verifier-";

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private FlowCookie() {}

    static String nameFor(String state) {
        return PREFIX + fnv1a32(state);
    }

    static boolean isName(String name) {
        return name.startsWith(PREFIX);
    }

    static String fnv1a32(String text) {
        int hash = FNV_OFFSET;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
        }
        return HexFormat.of().toHexDigits(hash);
    }
}
