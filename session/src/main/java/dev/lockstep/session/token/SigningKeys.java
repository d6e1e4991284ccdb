package dev.lockstep.session.token;

import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good copy of the signing keys and the policy for renewing it: loaded on first use, renewed after ten
 * minutes, kept for a day through an outage, asked again for an unknown key at most once in 30 seconds, and never
 * fetched twice at once. Safe for any number of threads; only the one that fetches waits for the network, except where
 * there is no answer without it.
 */
public final class SigningKeys {
    static final Duration RENEW_AFTER = Duration.ofMinutes(10);
    static final Duration KEEP_THROUGH_OUTAGE = Duration.ofHours(24);
    static final Duration UNKNOWN_KEY_PAUSE = Duration.ofSeconds(30);
    static final Duration FRESH_KEY_PAUSE = Duration.ofSeconds(5);
    static final Duration FAILURE_PAUSE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    private final SigningKeySource source;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();

    /** Null until the first success, then only ever replaced by a newer success. */
    private volatile @Nullable Copy copy;
    /** Null while the last attempt succeeded. */
    private volatile @Nullable Failure failure;
    /** When an unknown key last made us ask. */
    private volatile Instant askedForUnknown = Instant.MIN;

    public SigningKeys(SigningKeySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** What became of the search for a key. */
    sealed interface Lookup {}

    record Found(RSAPublicKey key) implements Lookup {}

    record Unknown() implements Lookup {}

    record OutOfReach(String reason, Duration retryAfter) implements Lookup {}

    private record Copy(KeySet keys, Instant fetchedAt, long generation) {}

    private record Failure(String reason, Instant at, Duration pause) {}

    /**
     * Returns a number that changes whenever the keys do, so that a remembered verdict can be dropped with the key that
     * gave it; negative while no key may be trusted. Renews the keys when they have grown old.
     */
    long generation() {
        Copy current = renewed();
        return current == null ? -1 : current.generation();
    }

    Lookup find(@Nullable String keyId) {
        return find(keyId, UNKNOWN_KEY_PAUSE);
    }

    /** As {@link #find}, for a token that WorkOS itself just handed us: no stranger can make us ask by it. */
    Lookup findFresh(@Nullable String keyId) {
        return find(keyId, FRESH_KEY_PAUSE);
    }

    private Lookup find(@Nullable String keyId, Duration pause) {
        Copy current = renewed();
        if (current == null) {
            return outOfReach();
        }
        var key = current.keys().find(keyId);
        return key.isPresent() ? new Found(key.get()) : askAgain(keyId, pause);
    }

    /** The keys that may be used now, fetched if there are none or they are old; null if none may be used. */
    private @Nullable Copy renewed() {
        Instant now = clock.instant();
        Copy current = copy;
        if (current == null) {
            return paused(now) ? null : fetch(null, true);
        }
        if (!isOlderThan(current, RENEW_AFTER, now)) {
            return current;
        }
        boolean tooOld = isOlderThan(current, KEEP_THROUGH_OUTAGE, now);
        Copy renewed = paused(now) ? current : fetch(current, tooOld);
        return renewed == null || isOlderThan(renewed, KEEP_THROUGH_OUTAGE, now) ? null : renewed;
    }

    private Lookup askAgain(@Nullable String keyId, Duration pause) {
        fetching.lock();
        try {
            Instant now = clock.instant();
            Copy current = copy;
            var key = current == null
                    ? Optional.<RSAPublicKey>empty()
                    : current.keys().find(keyId);
            if (key.isEmpty() && !now.isBefore(askedForUnknown.plus(pause)) && !paused(now)) {
                askedForUnknown = now;
                current = attempt(current);
                key = current == null ? key : current.keys().find(keyId);
            }
            if (key.isPresent()) {
                return new Found(key.get());
            }
            return failure == null ? new Unknown() : outOfReach();
        } finally {
            fetching.unlock();
        }
    }

    /** Fetches unless another thread just did; {@code wait} says whether to wait for one that is at it. */
    private @Nullable Copy fetch(@Nullable Copy seen, boolean wait) {
        if (wait) {
            fetching.lock();
        } else if (!fetching.tryLock()) {
            return seen;
        }
        try {
            Copy current = copy;
            return !Objects.equals(current, seen) || paused(clock.instant()) ? current : attempt(current);
        } finally {
            fetching.unlock();
        }
    }

    private @Nullable Copy attempt(@Nullable Copy current) {
        try {
            var keys = KeySet.parse(source.fetch());
            if (keys.isPresent()) {
                return store(current, keys.get());
            }
            failed("the key document holds no RSA signing key that may be used", null);
        } catch (SigningKeySource.Unreachable unreachable) {
            failed(String.valueOf(unreachable.getMessage()), unreachable.retryAfter());
        } catch (RuntimeException broken) {
            log.error("the source of signing keys is broken", broken);
            failed("the source of signing keys failed with " + broken.getClass().getSimpleName(), null);
        }
        return current;
    }

    private Copy store(@Nullable Copy current, KeySet keys) {
        long generation =
                current == null ? 1 : current.generation() + (current.keys().sameAs(keys) ? 0 : 1);
        Copy fresh = new Copy(keys, clock.instant(), generation);
        copy = fresh;
        failure = null;
        return fresh;
    }

    private void failed(String reason, @Nullable Duration retryAfter) {
        Duration pause = retryAfter == null || retryAfter.compareTo(FAILURE_PAUSE) < 0 ? FAILURE_PAUSE : retryAfter;
        pause = pause.compareTo(RENEW_AFTER) > 0 ? RENEW_AFTER : pause;
        failure = new Failure(reason, clock.instant(), pause);
        log.warn("signing keys not renewed: {}; asking again in {} s", reason, pause.toSeconds());
    }

    private boolean paused(Instant now) {
        Failure last = failure;
        return last != null
                && !now.isBefore(last.at())
                && now.isBefore(last.at().plus(last.pause()));
    }

    private OutOfReach outOfReach() {
        Failure last = failure;
        return last == null
                ? new OutOfReach("the signing keys have not been fetched", FAILURE_PAUSE)
                : new OutOfReach(last.reason(), last.pause());
    }

    /** A copy from the future, after the clock was set back, counts as old. */
    private static boolean isOlderThan(Copy copy, Duration age, Instant now) {
        return copy.fetchedAt().isAfter(now.plus(UNKNOWN_KEY_PAUSE))
                || !now.isBefore(copy.fetchedAt().plus(age));
    }
}
