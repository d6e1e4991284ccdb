package dev.lockstep.starter.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.lockstep.identity.Caller;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.authentication.ApiKeysApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which program an API key speaks for. WorkOS is asked once a minute for a good key and once in ten seconds for a bad
 * one, once however many requests carry it; so a key that was withdrawn works for a minute more. Holds digests, never
 * keys. Thread-safe; callers wait for WorkOS.
 */
final class MachineCallers {
    private static final Logger LOG = LoggerFactory.getLogger(MachineCallers.class);
    private static final Duration GOOD = Duration.ofMinutes(1);
    private static final Duration BAD = Duration.ofSeconds(10);
    private static final int MOST = 20_000;
    private static final String SCHEME = "Bearer ";
    private static final int SHORTEST = 8;
    private static final int LONGEST = 512;

    private final ApiKeysApi keys;
    private final Cache<String, Caller> known;

    MachineCallers(ApiKeysApi keys, InstantSource clock) {
        this.keys = keys;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfter(
                        Expiry.<String, Caller>creating((key, caller) -> caller instanceof Caller.Machine ? GOOD : BAD))
                .build();
    }

    /** Returns the key of an Authorization header; a token with dots is no key. */
    static Optional<String> presentedKey(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String key = authorization.substring(SCHEME.length()).strip();
        boolean plausible = key.length() >= SHORTEST
                && key.length() <= LONGEST
                && key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.');
        return plausible ? Optional.of(key) : Optional.empty();
    }

    /** Returns the program, or nobody for a bad key, or ends the request with 503 when nobody can say now. */
    Caller caller(String key) {
        try {
            return known.get(digest(key), absent -> ask(key));
        } catch (WorkOsException failure) {
            LOG.warn("machine.cannot-verify code={}", failure.problem().code());
            throw new Refusal(Problem.cannotVerify());
        }
    }

    private Caller ask(String key) {
        return keys.validate(key)
                .<Caller>map(valid -> new Caller.Machine(valid.id(), valid.organizationId(), valid.permissions()))
                .orElseGet(Caller.Anonymous::new);
    }

    private static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java runtime has no SHA-256", impossible);
        }
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
