package dev.lockstep.session.refresh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.lockstep.identity.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller go for each refresh token and organization, and gives the others its answer: while it is under way,
 * and for 30 seconds after, because the browser sends the old cookie until the new one has arrived. Keys are digests;
 * at most ten thousand answers are held.
 */
final class RefreshFlights {
    private static final Duration KEEP_ANSWER = Duration.ofSeconds(30);
    private static final Duration KEEP_FAILURE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final Cache<String, Flight> flights;

    RefreshFlights(InstantSource clock) {
        this.flights = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Flight>writing((key, flight) -> flight.keepFor()))
                .build();
    }

    private record Flight(CompletableFuture<RefreshOutcome> answer, Duration keepFor) {}

    /** Runs the call, or waits for the answer of the one that is under way, or returns a kept one. */
    RefreshOutcome fly(String key, Supplier<RefreshOutcome> call) {
        var mine = new Flight(new CompletableFuture<>(), Duration.ofDays(1));
        Flight taken = flights.get(key, absent -> mine);
        if (!taken.equals(mine)) {
            return taken.answer().join();
        }
        RefreshOutcome answer = new RefreshOutcome.Transient("the refresh call ended without an answer", null);
        try {
            answer = call.get();
            return answer;
        } finally {
            flights.put(key, new Flight(CompletableFuture.completedFuture(answer), keepFor(answer)));
            mine.answer().complete(answer);
        }
    }

    static Duration keepFor(RefreshOutcome answer) {
        return switch (answer) {
            case RefreshOutcome.Refreshed refreshed -> KEEP_ANSWER;
            case RefreshOutcome.Terminal terminal -> KEEP_ANSWER;
            case RefreshOutcome.Declined declined -> KEEP_FAILURE;
            case RefreshOutcome.Transient failed -> {
                Duration asked = failed.retryAfter();
                yield asked == null || asked.compareTo(KEEP_FAILURE) < 0
                        ? KEEP_FAILURE
                        : asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
            }
        };
    }

    /** Names a flight without giving the token away. */
    static String key(String refreshToken, @Nullable OrganizationId organization) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(refreshToken.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest) + " " + (organization == null ? "" : organization.value());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java runtime has no SHA-256", impossible);
        }
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
