package dev.lockstep.live.http;

import dev.lockstep.live.http.FunctionsOverHttp.Response;
import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.live.wire.WireViolation;
import dev.lockstep.store.OpenRead;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.HeldSnapshots.Hold;
import dev.lockstep.store.feed.MomentReader;
import dev.lockstep.store.feed.MomentReader.At;
import dev.lockstep.store.feed.Ts;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Several queries at one moment, as {@code consistentQuery} of the HTTP client wants them: {@code query_ts} names a moment,
 * and {@code query_at_ts} reads at it while it is held. A moment says nothing about who may see what. Thread-safe; blocks.
 */
public final class ConsistentReads {
    private static final Logger LOG = LoggerFactory.getLogger(ConsistentReads.class);

    private final HeldSnapshots held;
    private final MomentReader moments;

    /**
     * @param held what this node holds; started and closed by its owner
     * @param moments reads at what any node holds
     */
    public ConsistentReads(HeldSnapshots held, MomentReader moments) {
        this.held = held;
        this.moments = moments;
    }

    /** Whether a reader stands at its moment. */
    sealed interface Beginning {}

    /** It does, and closes the transaction. */
    record Begun(OpenRead read) implements Beginning {}

    /** It does not. */
    record Refused(Response response) implements Beginning {}

    /** Names a moment that has seen everything committed before. */
    Response take() {
        try {
            return switch (held.take()) {
                case Hold.Opened(Ts ts) ->
                    Response.of(JsonMapper.shared().createObjectNode().put("ts", WireTimestamp.encode(ts.value())));
                case Hold.Full(int most, Duration left) ->
                    Response.refused(
                            503,
                            "TooManySnapshots",
                            "This node holds %d moments, as many as it may. Try again when one has ended, or use query()."
                                    .formatted(most),
                            Math.max(1, Math.ceilDiv(left.toMillis(), 1000)));
                case Hold.NotNow() ->
                    Response.refused(503, "ServiceUnavailable", "No moment can be held just now. Try again.");
                case Hold.NotOffered() ->
                    Response.refused(400, "Unsupported", "This server holds no earlier moments. Use query().");
            };
        } catch (DataAccessException e) {
            return unavailable(e);
        }
    }

    /** Begins to read at a moment that somebody names. */
    Beginning at(String ts) {
        Ts moment;
        try {
            moment = new Ts(WireTimestamp.decode(ts));
        } catch (WireViolation e) {
            return new Refused(Response.refused(
                    400, "InvalidTimestamp", "The field ts is not a time of /api/query_ts. Send one as it came."));
        }
        try {
            return switch (moments.at(moment)) {
                case At.Open(OpenRead read) -> new Begun(read);
                case At.NotYet() ->
                    new Refused(Response.refused(
                            400, "InvalidTimestamp", "The time in ts has not come yet. Ask /api/query_ts for one."));
                case At.Gone() ->
                    new Refused(Response.refused(
                            410,
                            "SnapshotGone",
                            "That moment is not held any longer. Each is held for %d seconds; ask /api/query_ts anew, with a new client object."
                                    .formatted(held.hold().toSeconds())));
            };
        } catch (DataAccessException e) {
            return new Refused(unavailable(e));
        }
    }

    private static Response unavailable(DataAccessException e) {
        LOG.warn(
                "LIVE_CALL_UNAVAILABLE: a moment cannot be read, {}",
                e.getClass().getSimpleName());
        return Response.refused(503, "ServiceUnavailable", "The database is out of reach. Try again.");
    }
}
