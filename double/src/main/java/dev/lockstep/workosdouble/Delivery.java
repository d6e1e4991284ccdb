package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One webhook that has not been accepted yet.
 *
 * @param endpoint the registered endpoint it goes to, or null for the one that {@link WorkOsDouble#deliverWebhooksTo} names
 * @param attempts how often it was sent already
 * @param due when the next attempt may go out
 * @param firstSentAt the moment of the first attempt, null before it
 */
record Delivery(
        EventId event,
        @Nullable String endpoint,
        int attempts,
        Instant due,
        @Nullable Instant firstSentAt) {

    String key() {
        return key(event, endpoint);
    }

    static String key(EventId event, @Nullable String endpoint) {
        return endpoint == null ? event.value() : event.value() + "/" + endpoint;
    }
}
