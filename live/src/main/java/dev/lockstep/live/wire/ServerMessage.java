package dev.lockstep.live.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server sends, one JSON object per text frame. Never extend it: the client throws on what it does not know. */
public sealed interface ServerMessage {

    /**
     * Moves the client from one version to the next, all its queries at one moment.
     *
     * @param clientClockSkewMillis the client's wall clock minus ours at Connect, or null when it sent none
     */
    record Transition(
            StateVersion start,
            StateVersion end,
            List<QueryChange> changes,
            @Nullable Double clientClockSkewMillis) implements ServerMessage {
        public Transition {
            changes = List.copyOf(changes);
        }
    }

    /** What became of one query. */
    sealed interface QueryChange {
        /** The query this is about. */
        long queryId();

        /**
         * A new result.
         *
         * @param valueJson finished JSON text, shared by all sockets that get it
         * @param journal what the client gives back when it asks again over another socket, or null
         */
        record Updated(
                long queryId, String valueJson, @Nullable String journal) implements QueryChange {
            /** A result without a journal. */
            public Updated(long queryId, String valueJson) {
                this(queryId, valueJson, null);
            }
        }

        /** The query fails now. */
        record Failed(long queryId, Failure failure) implements QueryChange {}

        /** The query is followed no more. */
        record Removed(long queryId) implements QueryChange {}
    }

    /**
     * A failure as the client may see it.
     *
     * @param message one sentence
     * @param dataJson finished JSON text of an application error, or null for any other: then the member is left out,
     *     for even a null in it would make the error an application error
     */
    record Failure(String message, @Nullable String dataJson) {}

    /** One piece of a message that is too long for one frame. */
    record TransitionChunk(String chunk, int partNumber, int totalParts, String transitionId)
            implements ServerMessage {}

    /** The mutation is committed; its effects are in every Transition from {@code ts} on. */
    record MutationSucceeded(long requestId, String resultJson, long ts) implements ServerMessage {}

    /** The mutation had no effect. */
    record MutationFailed(long requestId, Failure failure) implements ServerMessage {}

    /** The action is done. */
    record ActionSucceeded(long requestId, String resultJson) implements ServerMessage {}

    /** The action failed; what it had done by then remains done. */
    record ActionFailed(long requestId, Failure failure) implements ServerMessage {}

    /**
     * The identity is not accepted, or no longer. The socket is closed after it.
     *
     * @param baseVersion the identity version that was current
     * @param authUpdateAttempted whether this answers an Authenticate, and is not about an identity that ran out
     */
    record AuthError(String error, long baseVersion, boolean authUpdateAttempted) implements ServerMessage {}

    /** The page cannot go on; only for broken protocol, since the client never connects again. */
    record FatalError(String error) implements ServerMessage {}

    /** Shows that the server is alive. */
    record Ping() implements ServerMessage {}
}
