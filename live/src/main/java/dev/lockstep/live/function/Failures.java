package dev.lockstep.live.function;

import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.WireValues;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Decides what a browser sees of an exception. What is not meant for it becomes a request id, found again in the log. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final RandomGenerator random;
    private final FunctionObserver observer;

    Failures(RandomGenerator random, FunctionObserver observer) {
        this.observer = observer;
        this.random = random;
    }

    static Failure unknown(String kind, String path) {
        return new Failure("There is no public " + kind + " '" + path + "' on this server", null);
    }

    Failure of(String path, RuntimeException e) {
        return switch (e) {
            case LiveError told -> new Failure(String.valueOf(told.getMessage()), told.dataJson());
            case ArgumentRefused refused -> new Failure("ArgumentError: " + refused.getMessage(), null);
            default -> internal(path, e);
        };
    }

    static Failure badArguments(WireValues.InvalidValue e) {
        return new Failure("ArgumentError: " + e.getMessage(), null);
    }

    /** Others were in the way of a mutation in every attempt. It has no effect, so that the page may call it again. */
    static Failure conflict(int attempts) {
        return told(
                "Others changed the same rows at the same time, again and again. Nothing was changed. Try again.",
                Map.of("code", "MUTATION_CONFLICT", "attempts", attempts));
    }

    /** A statement of a mutation waited for others, or was at it, for too long. It has no effect. */
    static Failure mutationTimedOut(Duration limit) {
        return told(
                "It took too long, perhaps because others held the same rows. Nothing was changed. Try again.",
                Map.of("code", "MUTATION_TIMED_OUT", "limitMs", (double) limit.toMillis()));
    }

    /** An action was at it for too long. What it did before that stays. */
    static Failure timedOut(Duration limit) {
        return told(
                "The action took too long and was stopped. What it has done stays done.",
                Map.of("code", "ACTION_TIMED_OUT", "limitMs", (double) limit.toMillis()));
    }

    private static Failure told(String sentence, Map<String, ?> data) {
        return new Failure(sentence, WireValues.encode(data).toString());
    }

    private Failure internal(String path, RuntimeException e) {
        String requestId = HexFormat.of().toHexDigits(random.nextLong());
        if (e instanceof DataAccessException) {
            // The database's own words may repeat values of rows.
            LOG.warn(
                    "LIVE_FUNCTION_FAILED: function {}, request {}, {} with SQLSTATE {}",
                    path,
                    requestId,
                    e.getClass().getSimpleName(),
                    sqlState(e).orElse("none"));
        } else {
            LOG.warn("LIVE_FUNCTION_FAILED: function {}, request {}", path, requestId, e);
        }
        observer.failed(path, requestId, e);
        return new Failure("[Request ID: " + requestId + "] Server Error", null);
    }

    /** The SQLSTATE of the database's refusal, if there is one in the chain of causes. */
    static Optional<String> sqlState(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }

    /** Whether the database itself is out of reach, so that nothing is wrong with the function. */
    static boolean databaseAway(Throwable e) {
        // Without a connection nothing has begun, whatever the last attempt to make one has met.
        return e instanceof CannotGetJdbcConnectionException
                || sqlState(e)
                        .filter(state -> state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"))
                        .isPresent();
    }
}
