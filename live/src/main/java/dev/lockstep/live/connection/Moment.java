package dev.lockstep.live.connection;

import dev.lockstep.store.feed.Snapshot;
import dev.lockstep.store.feed.Tick;

/**
 * The state of the database that a socket can be moved to.
 *
 * @param ts its clock value
 * @param snapshot which transactions it contains
 * @param begunAt by {@link System#nanoTime}: it contains all that was committed before
 */
public record Moment(long ts, Snapshot snapshot, long begunAt) {
    /** The moment of a tick. */
    public static Moment of(Tick tick) {
        return new Moment(tick.ts().value(), tick.snapshot(), tick.begunAt());
    }
}
