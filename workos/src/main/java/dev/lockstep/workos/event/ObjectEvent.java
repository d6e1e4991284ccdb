package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsObject;

/**
 * An object without a type of its own was created, changed or deleted, or a pair was made or undone.
 *
 * @param envelope id, type and time
 * @param change what happened
 * @param object the object after it, on a deletion as it was before
 */
public record ObjectEvent(Envelope envelope, ObjectChange change, WorkOsObject object) implements WorkOsEvent {}
