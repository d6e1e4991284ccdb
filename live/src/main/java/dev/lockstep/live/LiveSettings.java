package dev.lockstep.live;

import dev.lockstep.live.connection.ConnectionLimits;
import java.time.Duration;

/**
 * How the live room works.
 *
 * @param limits what one socket may use
 * @param crowd what all sockets of this node may use together
 * @param concurrentMutations mutations that run at once on this node; best below the size of the connection pool
 * @param mutationAttempts how often a mutation is run before a conflict with others is given back to the browser
 * @param queryTimeout how long one statement of a query may take
 * @param mutationTimeout how long one statement of a mutation may take, waiting for others included
 * @param repliesKept how long replies of mutations are kept for replays
 * @param lostAfter after how long without a look at the database this node says that it is not live, and sends its pages
 *     away; mutations that meet an outage are tried again for as long
 * @param actionTimeout how long one action may take before it is stopped
 */
public record LiveSettings(
        ConnectionLimits limits,
        Crowd crowd,
        int concurrentMutations,
        int mutationAttempts,
        Duration queryTimeout,
        Duration mutationTimeout,
        Duration repliesKept,
        Duration lostAfter,
        Duration actionTimeout) {

    /** What is right for most. */
    public static final LiveSettings DEFAULTS = new LiveSettings(
            ConnectionLimits.DEFAULTS,
            Crowd.DEFAULTS,
            8,
            16,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofDays(14),
            Duration.ofSeconds(5),
            Duration.ofMinutes(2));

    /** The same with other limits for a socket. */
    public LiveSettings withLimits(ConnectionLimits other) {
        return new LiveSettings(
                other,
                crowd,
                concurrentMutations,
                mutationAttempts,
                queryTimeout,
                mutationTimeout,
                repliesKept,
                lostAfter,
                actionTimeout);
    }

    /** The same with other limits for all sockets together. */
    public LiveSettings withCrowd(Crowd other) {
        return new LiveSettings(
                limits,
                other,
                concurrentMutations,
                mutationAttempts,
                queryTimeout,
                mutationTimeout,
                repliesKept,
                lostAfter,
                actionTimeout);
    }

    /** The same with another limit for a statement of a mutation. */
    public LiveSettings withMutationTimeout(Duration other) {
        return new LiveSettings(
                limits,
                crowd,
                concurrentMutations,
                mutationAttempts,
                queryTimeout,
                other,
                repliesKept,
                lostAfter,
                actionTimeout);
    }

    /** The same with another limit for an action. */
    public LiveSettings withActionTimeout(Duration other) {
        return new LiveSettings(
                limits,
                crowd,
                concurrentMutations,
                mutationAttempts,
                queryTimeout,
                mutationTimeout,
                repliesKept,
                lostAfter,
                other);
    }

    /**
     * What all sockets of a node may use together.
     *
     * @param sockets open at once; what is beyond is sent away for a while
     * @param socketsPerSession of one signed-in session
     * @param opening sockets that have not been shown anything yet
     * @param newcomersPerTick sockets that are shown their first results in one step of the feed
     * @param queryLanes connections on which queries of one step run side by side; 0 runs all on the feed's own
     * @param slowQueryLanes connections for queries that have proved slow
     * @param lanePatience how long a step waits for such queries before it goes on without them
     * @param idleAnswers answers that are kept though no page asks for them at present
     */
    public record Crowd(
            int sockets,
            int socketsPerSession,
            int opening,
            int newcomersPerTick,
            int queryLanes,
            int slowQueryLanes,
            Duration lanePatience,
            int idleAnswers) {
        /** What is right for most. */
        public static final Crowd DEFAULTS = new Crowd(10_000, 20, 5_000, 500, 3, 1, Duration.ofMillis(25), 10_000);

        /** The same with other numbers of sockets. */
        public Crowd withSockets(int most, int mostPerSession) {
            return new Crowd(
                    most,
                    mostPerSession,
                    opening,
                    newcomersPerTick,
                    queryLanes,
                    slowQueryLanes,
                    lanePatience,
                    idleAnswers);
        }
    }
}
