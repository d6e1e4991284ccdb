package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.OrganizationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of the log, the same for the Events API and for webhooks.
 *
 * @param id time-ordered: a later event always has the greater id
 * @param event the type, {@code user.created}
 * @param dataJson the payload object as JSON text
 * @param organization the organization the event belongs to, or null (user events belong to none)
 * @param createdAt millisecond resolution; ties happen, as in production
 * @param envelopeJson fields of the envelope beside or in place of the usual ones, like {@code context}, or null
 */
public record EventRecord(
        EventId id,
        String event,
        String dataJson,
        @Nullable OrganizationId organization,
        Instant createdAt,
        @Nullable String envelopeJson) {}
