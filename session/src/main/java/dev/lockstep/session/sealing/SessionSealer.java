package dev.lockstep.session.sealing;

import dev.lockstep.session.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Seals and opens the session cookie's value. Does not look at the token's signature or time, which is the reader's
 * job. Safe for any number of threads.
 */
public final class SessionSealer implements SessionOpener {
    /** What browsers keep of a cookie's name and value together, in bytes. */
    static final int BROWSER_LIMIT = 4096;
    /** No value is longer than with a name of eleven characters, so that a renamed cookie still fits. */
    private static final int LARGEST_BUDGET = 2895;

    private final CookieKeys keys;
    private final Duration life;
    private final int budget;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * @param keys the cookie passwords, current first
     * @param cookieName the name the value will be written under; its length counts
     * @param life how long a seal opens; the browser's own clock is not trusted with it
     */
    public SessionSealer(CookieKeys keys, String cookieName, Duration life, InstantSource clock, SecureRandom random) {
        this.keys = keys;
        this.life = life;
        this.budget = budget(cookieName);
        this.clock = clock;
        this.random = random;
    }

    /** Seals a session, leaving out metadata and picture when it would not fit otherwise. */
    public SealOutcome seal(SealedSession session) {
        byte[] content = bytes(session);
        boolean trimmed = content.length > budget;
        if (trimmed) {
            content = bytes(new SealedSession(
                    session.accessToken(),
                    session.refreshToken(),
                    session.user().trimmed(),
                    session.impersonator(),
                    session.authenticationMethod(),
                    session.organizationId()));
        }
        if (content.length > budget) {
            return new SealOutcome.TooBig(content.length, budget);
        }
        Instant end = clock.instant().plus(life);
        return new SealOutcome.Sealed(IronSeal.seal(content, keys.secrets().getFirst(), end, random), trimmed);
    }

    @Override
    public OpenOutcome open(String value) {
        return switch (IronSeal.open(value, keys.secrets(), clock.instant())) {
            case IronSeal.Opened opened ->
                StrictJson.utf8(opened.content())
                        .flatMap(SessionJson::read)
                        .<OpenOutcome>map(
                                session -> new OpenOutcome.Opened(session, opened.oldKey(), opened.expiresAt()))
                        .orElseGet(() -> new OpenOutcome.Unreadable(SealFault.CONTENT));
            case IronSeal.Expired expired -> new OpenOutcome.Expired();
            case IronSeal.Broken broken -> new OpenOutcome.Unreadable(broken.fault());
        };
    }

    /** The largest JSON, in bytes, whose seal fits into one cookie of that name. */
    static int budget(String cookieName) {
        int room = BROWSER_LIMIT - cookieName.length() - IronSeal.OVERHEAD - IronSeal.EXPIRY_DIGITS;
        int bytes = room * 3 / 4;
        int blocks = bytes / 16;
        return Math.min(LARGEST_BUDGET, blocks * 16 - 1);
    }

    private static byte[] bytes(SealedSession session) {
        return SessionJson.write(session).getBytes(StandardCharsets.UTF_8);
    }
}
