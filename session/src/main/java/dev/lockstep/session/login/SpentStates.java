package dev.lockstep.session.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentMap;

/**
 * Which attempts have been used in this process, for as long as they could be used again. Another process is kept out by
 * WorkOS itself, which takes a code once. Safe for any number of threads.
 */
final class SpentStates {
    private static final int MOST = 200_000;

    private final ConcurrentMap<String, Use> uses;

    SpentStates(InstantSource clock) {
        Cache<String, Use> cache = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfterWrite(PendingLogins.LIFE.plusMinutes(2))
                .build();
        this.uses = cache.asMap();
    }

    /** FIRST may become AGAIN once, when the code never left; LOST when it may have arrived without an answer. */
    enum Use {
        /** Never seen before. */
        FIRST,
        /** Open for one more try. */
        AGAIN,
        /** Tried for the second time. */
        SECOND,
        /** The code may have arrived, the answer did not. */
        LOST,
        /** Used before. */
        REPLAY
    }

    /** Takes the attempt, and says what this use of it is. */
    Use take(String state) {
        String key = PendingLogins.challenge(state);
        if (uses.putIfAbsent(key, Use.FIRST) == null) {
            return Use.FIRST;
        }
        if (uses.replace(key, Use.AGAIN, Use.SECOND)) {
            return Use.SECOND;
        }
        return uses.get(key) == Use.LOST ? Use.LOST : Use.REPLAY;
    }

    /** Opens the attempt for one more try. */
    void giveBack(String state, Use use) {
        uses.put(PendingLogins.challenge(state), use == Use.FIRST ? Use.AGAIN : Use.LOST);
    }

    /** The code may have arrived: it must not be sent again. */
    void lose(String state) {
        uses.put(PendingLogins.challenge(state), Use.LOST);
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
