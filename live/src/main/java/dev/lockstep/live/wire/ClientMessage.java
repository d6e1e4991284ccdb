package dev.lockstep.live.wire;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client sends, one JSON object per text frame. Versions and ids are unsigned 32-bit numbers. */
public sealed interface ClientMessage {

    /**
     * The first message of every socket.
     *
     * @param sessionId one per page load, the same on every reconnect; chosen by the client
     * @param connectionCount how many sockets this page has opened before
     * @param lastCloseReason why the last one closed, or null
     * @param maxObservedTimestamp the highest clock value the client has seen, 0 when none
     * @param clientTs the client's wall clock in milliseconds, or null
     */
    record Connect(
            UUID sessionId,
            long connectionCount,
            @Nullable String lastCloseReason,
            long maxObservedTimestamp,
            @Nullable Double clientTs)
            implements ClientMessage {}

    /**
     * Says who the socket speaks for from here on.
     *
     * @param baseVersion the identity version this one follows
     * @param token how the client proves it
     */
    record Authenticate(long baseVersion, Token token) implements ClientMessage {}

    /** The proof in an {@link Authenticate}. */
    sealed interface Token {
        /** A token of a user; never written to a log. */
        record User(String value) implements Token {
            @Override
            public String toString() {
                return "User[redacted]";
            }
        }

        /** Signed out. */
        record None() implements Token {}

        /** An administrator's key, which this server never accepts; its value is not kept. */
        record Admin() implements Token {}
    }

    /**
     * Changes which queries the socket follows.
     *
     * @param baseVersion the query set this one follows
     * @param newVersion its own version
     * @param modifications what to add and remove, in order
     */
    record ModifyQuerySet(long baseVersion, long newVersion, List<Modification> modifications)
            implements ClientMessage {
        public ModifyQuerySet {
            modifications = List.copyOf(modifications);
        }
    }

    /** One step of a {@link ModifyQuerySet}. */
    sealed interface Modification {
        /** Follows a query from now on. {@code journal} is what an earlier answer carried, or null. */
        record Add(long queryId, Call call, @Nullable String journal) implements Modification {}

        /** Stops following a query. */
        record Remove(long queryId) implements Modification {}
    }

    /**
     * A function and what it is called with.
     *
     * @param path canonical
     * @param args the one argument, a JSON object that is not yet checked as a value
     * @param component null for the root; anything else is refused by whoever runs it
     */
    record Call(FunctionPath path, JsonNode args, @Nullable String component) {}

    /** Asks for a mutation. {@code requestId} counts from 0 over the life of the page. */
    record Mutation(long requestId, Call call) implements ClientMessage {}

    /** Asks for an action. */
    record Action(long requestId, Call call) implements ClientMessage {}

    /** The client's own measurements; nothing depends on them. */
    record Event() implements ClientMessage {}
}
