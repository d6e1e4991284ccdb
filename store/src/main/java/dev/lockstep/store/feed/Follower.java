package dev.lockstep.store.feed;

import org.jspecify.annotations.Nullable;

/** One listener and how far it has come. Used by the reader's thread only. */
final class Follower {
    final FeedListener listener;
    /** Null until the first tick, and again after a gap; then it moves with every tick. */
    @Nullable
    Snapshot passed;
    /** True from the moment it may have missed something until it has been told. */
    boolean gap;
    /** True when that is because the log was not kept for this node. */
    boolean behind;
    /** How often in a row it has thrown. */
    int failures;

    Follower(FeedListener listener) {
        this.listener = listener;
    }

    void miss() {
        if (passed != null) {
            gap = true;
            passed = null;
        }
    }

    void leaveBehind() {
        behind = behind || passed != null;
        miss();
    }
}
