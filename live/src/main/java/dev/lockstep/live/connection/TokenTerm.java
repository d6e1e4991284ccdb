package dev.lockstep.live.connection;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Until when the token of one socket counts: a while past its own end, so that the page has renewed it first, and a
 * different while for each socket, so that not all renew at once. Not thread-safe.
 */
final class TokenTerm {
    private final InstantSource clock;
    private final Duration leeway;
    /** Null while nobody is signed in. */
    private @Nullable Instant endsAt;

    TokenTerm(InstantSource clock, RandomGenerator random, ConnectionLimits limits) {
        this.clock = clock;
        long least = limits.tokenLeewayLeast().toMillis();
        long most = limits.tokenLeewayMost().toMillis();
        this.leeway = Duration.ofMillis(most > least ? random.nextLong(least, most + 1) : least);
    }

    /** A token that ends then is used from now on. */
    void begin(Instant expiresAt) {
        endsAt = expiresAt.plus(leeway);
    }

    /** No token is used. */
    void none() {
        endsAt = null;
    }

    boolean isOver() {
        return endsAt != null && clock.instant().isAfter(endsAt);
    }
}
