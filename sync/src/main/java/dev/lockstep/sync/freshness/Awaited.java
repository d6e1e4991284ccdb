package dev.lockstep.sync.freshness;

/** How waiting for the mirror ended. */
public enum Awaited {
    /** The mirror has it, for every reader that begins from now on. */
    REACHED,
    /** The event is parked: it will not be applied until an operator acts, so waiting longer is useless. */
    PARKED,
    /** The time is over. */
    TIMED_OUT,
    /** This node is closing, or the waiting thread was interrupted. */
    GIVEN_UP
}
