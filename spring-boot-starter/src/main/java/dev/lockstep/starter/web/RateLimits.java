package dev.lockstep.starter.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets each network address begin and finish so many sign-ins, make so many other session calls, and open so many sockets
 * in one window, a minute unless another is set; before anything else looks at the request. Counted on each node by
 * itself; at most a hundred thousand addresses are held.
 */
final class RateLimits implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);
    private static final Set<String> SIGN_IN =
            Set.of("/api/auth/login", "/api/auth/register", "/api/auth/callback", "/callback");
    private static final String SESSION = "/api/auth/";
    private static final Pattern SOCKET = Pattern.compile("/api/(?:[^/]+/)?sync");
    private static final int MOST = 100_000;

    private final ClientAddress addresses;
    private final Limit signIns;
    private final Limit sessionCalls;
    private final Limit handshakes;
    private final JsonMapper json;

    /**
     * How many calls an address may make.
     *
     * @param signIns calls of the sign-in routes in a window
     * @param sessionCalls calls of the other session routes in a window
     * @param handshakes sockets that it may open in a window
     * @param window how long a window is
     */
    record Allowed(int signIns, int sessionCalls, int handshakes, Duration window) {}

    RateLimits(ClientAddress addresses, Allowed limits, InstantSource clock, JsonMapper json) {
        this.addresses = addresses;
        this.signIns = new Limit(limits.signIns(), limits.window(), clock);
        this.sessionCalls = new Limit(limits.sessionCalls(), limits.window(), clock);
        this.handshakes = new Limit(limits.handshakes(), limits.window(), clock);
        this.json = json;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            Limit limit = limit(withoutParameters(http.getRequestURI()));
            if (limit != null) {
                ConsumptionProbe probe = limit.take(addresses.network(http));
                if (!probe.isConsumed()) {
                    refuse(probe, http, answer);
                    return;
                }
            }
        }
        chain.doFilter(request, response);
    }

    private @Nullable Limit limit(String path) {
        if (SIGN_IN.contains(path)) {
            return signIns;
        }
        if (path.startsWith(SESSION)) {
            return sessionCalls;
        }
        return SOCKET.matcher(path).matches() ? handshakes : null;
    }

    /** A path counts as the one that will answer it, whatever hangs on it after a semicolon. */
    private static String withoutParameters(String path) {
        int semicolon = path.indexOf(';');
        return semicolon < 0 ? path : path.substring(0, semicolon);
    }

    private void refuse(ConsumptionProbe probe, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        long seconds = Math.ceilDiv(probe.getNanosToWaitForRefill(), TimeUnit.SECONDS.toNanos(1));
        LOG.debug("auth.limited path={} ref={}", request.getRequestURI(), Ref.of(request));
        response.setHeader("Retry-After", Long.toString(seconds));
        String accept = request.getHeader("Accept");
        if ("GET".equals(request.getMethod()) && accept != null && accept.contains("text/html")) {
            PlainPage.write(
                    response,
                    HttpStatus.TOO_MANY_REQUESTS.value(),
                    "Too many attempts",
                    "There were too many attempts from your network. Wait " + seconds + " seconds and try again.");
            return;
        }
        new Problem(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "RATE_LIMITED",
                        "Too many calls from this network address. Wait as long as Retry-After says and try again.")
                .write(request, response, json);
    }

    /** The buckets of one kind of call. */
    private static final class Limit {
        private final int most;
        private final Duration window;
        private final Clock clock;
        private final Cache<String, Bucket> buckets;

        Limit(int most, Duration window, InstantSource clock) {
            this.most = most;
            this.window = window;
            this.clock = new Clock(clock);
            this.buckets = Caffeine.newBuilder()
                    .maximumSize(MOST)
                    .expireAfterAccess(window.multipliedBy(2))
                    .executor(Runnable::run)
                    .build();
        }

        ConsumptionProbe take(String address) {
            return buckets.get(address, absent -> fresh()).tryConsumeAndReturnRemaining(1);
        }

        private Bucket fresh() {
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(most).refillGreedy(most, window))
                    .withCustomTimePrecision(clock)
                    .build();
        }
    }

    /** The application's clock in the words of the bucket. */
    private record Clock(InstantSource source) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = source.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
