package dev.lockstep.live.connection;

import java.time.Duration;

/**
 * What one socket may use.
 *
 * @param queries live queries at once
 * @param mutations mutations that wait for their turn
 * @param messageChars length of one message
 * @param unreadMessages messages received and not yet looked at
 * @param unsentFrames frames that may wait before newer results are held back
 * @param connectWithin how soon after opening the first message must come
 * @param pingAfter silence after which a Ping is sent; the client gives up after 60 s without a message
 * @param signOfLifeEvery how often the other side is asked for a sign of life, where the container can do that
 * @param unheardFor without any such sign for so long the socket counts as dead
 * @param unsentFor how long frames may wait before the socket counts as dead
 * @param tokenLeewayLeast how long at least a token may be used past its end, so that the page renews it first
 * @param tokenLeewayMost the same at most; each socket draws its own, so that not all renew at once
 * @param settle how long after its query set a reconnecting page must be silent before the first answer, because its
 *     repeated mutations belong before that
 */
public record ConnectionLimits(
        int queries,
        int mutations,
        int messageChars,
        int unreadMessages,
        int unsentFrames,
        Duration connectWithin,
        Duration pingAfter,
        Duration signOfLifeEvery,
        Duration unheardFor,
        Duration unsentFor,
        Duration tokenLeewayLeast,
        Duration tokenLeewayMost,
        Duration settle) {

    /** What is right for most. */
    public static final ConnectionLimits DEFAULTS = new ConnectionLimits(
            500,
            1000,
            1 << 20,
            4096,
            2,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMillis(20));

    /** The same with so many mutations that may wait. */
    public ConnectionLimits withMutations(int most) {
        return new ConnectionLimits(
                queries,
                most,
                messageChars,
                unreadMessages,
                unsentFrames,
                connectWithin,
                pingAfter,
                signOfLifeEvery,
                unheardFor,
                unsentFor,
                tokenLeewayLeast,
                tokenLeewayMost,
                settle);
    }
}
