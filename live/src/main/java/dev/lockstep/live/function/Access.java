package dev.lockstep.live.function;

/** Who may call a function, and what it may read. */
public enum Access {
    /** Only other functions may call it; on the wire it does not exist. */
    INTERNAL,
    /** It reads rows of every organization and chooses by itself what its caller may see. */
    ACROSS_ORGANIZATIONS
}
