package dev.lockstep.session;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.sealing.CookieKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a changing request was made by a page of ours: a keyed digest of the session's id, the same for the
 * whole life of the session and worth nothing in another. Safe for any number of threads.
 */
public final class CsrfTokens {
    private final CookieKeys keys;

    public CsrfTokens(CookieKeys keys) {
        this.keys = keys.derivedFor("csrf");
    }

    /** Returns the token a page of this session sends back. */
    public String tokenFor(SessionId session) {
        return encoded(session).getFirst();
    }

    /** Returns whether what was sent is the session's token, in a time that does not depend on how wrong it is. */
    public boolean isValid(SessionId session, @Nullable String sent) {
        if (sent == null) {
            return false;
        }
        byte[] claimed = sent.getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String expected : encoded(session)) {
            valid |= MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII), claimed);
        }
        return valid;
    }

    private List<String> encoded(SessionId session) {
        return keys.macs(session.value().getBytes(StandardCharsets.UTF_8)).stream()
                .map(mac -> Base64.getUrlEncoder().withoutPadding().encodeToString(mac))
                .toList();
    }
}
