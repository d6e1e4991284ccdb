package dev.lockstep.sync.freshness;

/** What to do about rights while the mirror is older than the bound. */
public enum WhenStale {
    /** Ask WorkOS, within the rate budget. */
    ASK,
    /** Refuse: nobody's rights can be verified. */
    REFUSE,
    /** Let the mirror decide all the same; for those to whom being there matters more than being right. */
    MIRROR
}
