package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsMembership;

/**
 * A user became a member of an organization, changed in it, or left it.
 *
 * @param envelope id, type and time
 * @param change what happened
 * @param membership the whole object after it, on a deletion as it was before
 */
public record MembershipEvent(Envelope envelope, ObjectChange change, WorkOsMembership membership)
        implements WorkOsEvent {}
