package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.freshness.Awaited;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.ReadToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a request that carries the token of an earlier write wait until the mirror shows that write. Only people who are
 * signed in may keep a request waiting; from anybody else the header is ignored.
 */
final class ReadTokenInterceptor implements HandlerInterceptor {
    /** Of requests that want to read their own writes. */
    static final String HEADER = "Lockstep-Read-After";

    private static final Logger LOG = LoggerFactory.getLogger(ReadTokenInterceptor.class);

    private final Freshness freshness;
    private final Duration timeout;

    ReadTokenInterceptor(Freshness freshness, Duration timeout) {
        this.freshness = freshness;
        this.timeout = timeout;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String text = request.getHeader(HEADER);
        if (text == null || !isSignedIn(request)) {
            return true;
        }
        Optional<ReadToken> token = ReadToken.parse(text);
        if (token.isEmpty()) {
            throw new Refusal(new Problem(
                    HttpStatus.BAD_REQUEST,
                    "READ_TOKEN_INVALID",
                    "The header " + HEADER + " holds no read token. Send what the write gave you, or leave it out."));
        }
        if (await(token.get(), request) != Awaited.REACHED) {
            throw new Refusal(new Problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "MIRROR_BEHIND",
                    "What you wrote has not arrived here within " + timeout.toMillis()
                            + " ms. It is not lost; try again in a moment."));
        }
        return true;
    }

    private Awaited await(ReadToken token, HttpServletRequest request) {
        try {
            return freshness.await(token, timeout);
        } catch (SyncProblem crowded) {
            LOG.warn("{} ref={}", crowded.code(), Ref.of(request));
            return Awaited.GIVEN_UP;
        } catch (DataAccessException e) {
            LOG.warn(
                    "STORE_UNAVAILABLE ref={} cause={}",
                    Ref.of(request),
                    e.getClass().getSimpleName());
            throw new Refusal(Problem.noDatabase());
        }
    }

    private static boolean isSignedIn(HttpServletRequest request) {
        return RequestCaller.of(request) instanceof RequestCaller.Known known
                && known.caller() instanceof Caller.SignedIn;
    }
}
