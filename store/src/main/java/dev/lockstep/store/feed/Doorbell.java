package dev.lockstep.store.feed;

/** Says that there may be something new. It carries nothing, rings are merged, and a ring may be lost. */
@FunctionalInterface
public interface Doorbell {
    /** Returns at once; call it after a commit, never inside a transaction. Thread-safe. */
    void ring();

    /** A doorbell that nobody hears; readers then find changes by polling. */
    static Doorbell silent() {
        return () -> {};
    }
}
