package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsUser;

/**
 * A user was created, changed or deleted.
 *
 * @param envelope id, type and time
 * @param change what happened
 * @param user the whole object after it, on a deletion as it was before
 */
public record UserEvent(Envelope envelope, ObjectChange change, WorkOsUser user) implements WorkOsEvent {}
