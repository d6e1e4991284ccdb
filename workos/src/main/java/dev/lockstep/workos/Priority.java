package dev.lockstep.workos;

/** Who goes first when the rate budget is short, most urgent first. */
public enum Priority {
    /** The Events tail: everything waits for the truth. */
    TAIL(0),
    /** Somebody is signing in or waiting for a page. */
    LOGIN(1),
    /** A missing parent or a partial object is completed. */
    HYDRATE(2),
    /** The rolling comparison with WorkOS. */
    RECONCILE(3),
    /** The first walk over everything. */
    BACKFILL(4);

    private final int level;

    Priority(int level) {
        this.level = level;
    }

    /** Returns how many levels it stands below the most urgent one. */
    int level() {
        return level;
    }
}
