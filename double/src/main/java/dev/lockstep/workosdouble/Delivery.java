package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One webhook that has not been accepted yet.
 *
 * @param attempts how often it was sent already
 * @param due when the next attempt may go out
 * @param firstSentAt the moment of the first attempt, null before it
 */
record Delivery(
        EventId event, int attempts, Instant due, @Nullable Instant firstSentAt) {}
