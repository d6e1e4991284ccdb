package dev.lockstep.workos.event;

/** What happened to an object that can be created, changed and deleted. */
public enum ObjectChange {
    /** It is new. */
    CREATED,
    /** It is there and differs from before. */
    UPDATED,
    /** It is gone; an object with an id never comes back under it, a slug or a pair may. */
    DELETED
}
