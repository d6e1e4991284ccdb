package dev.lockstep.sync.backfill;

/**
 * How far a walk has come.
 *
 * @param shards lists known so far
 * @param shardsDone read to their end
 * @param shardsFailed that could not be read on
 * @param pages stored
 * @param seen objects that could be read
 * @param changed of them written, or found to differ
 * @param unreadable objects that could not be read
 */
public record Totals(
        long shards, long shardsDone, long shardsFailed, long pages, long seen, long changed, long unreadable) {}
