package dev.lockstep.sync.inbox;

/** Whether an event that an operator puts in again tells the application's listeners. */
public enum Effects {
    /** The mirror is mended and nobody hears of it. */
    SILENT,
    /** Listeners hear what the merge changes, each change once. */
    TOLD
}
