package dev.lockstep.sync.backfill;

/**
 * How far a walk has come.
 *
 * @param shards lists known so far
 * @param shardsDone read to their end
 * @param shardsFailed that could not be read on
 * @param pages read
 * @param seen objects that could be read
 * @param changed of them new or other than the row
 * @param unreadable objects that could not be read
 */
public record Totals(
        long shards, long shardsDone, long shardsFailed, long pages, long seen, long changed, long unreadable) {
    Totals plus(Totals more) {
        return new Totals(
                shards + more.shards,
                shardsDone + more.shardsDone,
                shardsFailed + more.shardsFailed,
                pages + more.pages,
                seen + more.seen,
                changed + more.changed,
                unreadable + more.unreadable);
    }
}
