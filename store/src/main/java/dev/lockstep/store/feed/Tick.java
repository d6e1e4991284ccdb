package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.util.List;

/** One step of the feed: everything that is visible now and was not before. Valid only while its listener runs. */
public interface Tick {
    /** The shared clock at this step; never before that of an earlier step on any node. */
    Ts ts();

    /** What this step sees. */
    Snapshot snapshot();

    /** When this step began, by {@link System#nanoTime}: whatever was committed before is in its snapshot. */
    long begunAt();

    /** What became visible since this listener's last step, in the order of {@link Change#id}; may be empty. */
    List<Change> changes();

    /** The step's own read-only transaction at {@link #snapshot}; only for the calling thread. */
    Tx tx();

    /**
     * The name under which other connections may read at the same snapshot ({@code Database.readAt}) while the listener
     * runs. Exported on the first call; only for the calling thread.
     */
    String exportedSnapshot();
}
