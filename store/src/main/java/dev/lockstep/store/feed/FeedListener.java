package dev.lockstep.store.feed;

/**
 * Whoever follows the feed in memory. All methods are called on the reader's thread, one after another, and hold up
 * every other listener of the node. A listener that throws is logged, told {@link #onGap} and goes on.
 */
public interface FeedListener {
    /**
     * A step of the feed. The first one has no changes. A step that was cut short because the database was lost may be
     * told again.
     */
    void onTick(Tick tick);

    /** The database cannot be reached; ticks resume when it can. Called once per outage. */
    default void onLost() {}

    /** Changes were or may have been left out (also when there were very many at once): whatever was derived from earlier ticks must be made anew at the next one. */
    default void onGap() {}

    /**
     * This node was silent for so long that the log was not kept for it; told instead of {@link #onGap}, which it stands
     * for where it is not overridden.
     */
    default void onLeftBehind() {
        onGap();
    }
}
