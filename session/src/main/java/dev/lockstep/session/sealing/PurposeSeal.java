package dev.lockstep.session.sealing;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals small things that only we read, each under keys of its own purpose: what is sealed for one purpose opens for no
 * other, and never as a session. Safe for any number of threads.
 */
public final class PurposeSeal {
    private final CookieKeys keys;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * @param keys the cookie passwords; the purpose's own keys are derived from them
     * @param purpose a constant that names the use
     */
    public PurposeSeal(CookieKeys keys, String purpose, InstantSource clock, SecureRandom random) {
        this.keys = keys.derivedFor(purpose);
        this.clock = clock;
        this.random = random;
    }

    /** Returns the sealed content; it opens for {@code life}, and 60 seconds longer for clocks that disagree. */
    public String seal(byte[] content, Duration life) {
        return IronSeal.seal(content, keys.secrets().getFirst(), clock.instant().plus(life), random);
    }

    /** Opens what {@link #seal} made. Never throws on what it is given. */
    public Opening open(String sealed) {
        return switch (IronSeal.open(sealed, keys.secrets(), clock.instant())) {
            case IronSeal.Opened opened -> new Opened(opened.content(), opened.oldKey(), opened.expiresAt());
            case IronSeal.Expired expired -> new Expired();
            case IronSeal.Broken broken -> new Unreadable(broken.fault());
        };
    }

    /** What becomes of a seal. */
    public sealed interface Opening {}

    /**
     * It is ours, made for this purpose, and current.
     *
     * @param oldKey whether another than the current key sealed it
     * @param expiresAt when it runs out
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    public record Opened(
            byte[] content, boolean oldKey, @Nullable Instant expiresAt) implements Opening {}

    /** It has run out. */
    public record Expired() implements Opening {}

    /** It is not ours, or was made for another purpose. */
    public record Unreadable(SealFault fault) implements Opening {}
}
