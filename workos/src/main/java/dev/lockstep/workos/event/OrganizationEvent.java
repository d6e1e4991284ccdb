package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsOrganization;

/**
 * An organization was created, changed or deleted; its members and domains are other events.
 *
 * @param envelope id, type and time
 * @param change what happened
 * @param organization the whole object after it, on a deletion as it was before
 */
public record OrganizationEvent(Envelope envelope, ObjectChange change, WorkOsOrganization organization)
        implements WorkOsEvent {}
