package dev.lockstep.live.connection;

/**
 * Judges a page that has seen a later time than this node has reached, because it comes from a node that is ahead. It
 * must only be asked at moments that began after the page had come: what another node has shown is in the database
 * then, a new epoch after a restart of the server as well. Not thread-safe.
 */
final class Foresight {
    private static final long ABSURD = 1L << 40;
    private static final int PATIENCE_TICKS = 3;

    /** Ticks that were still before the page; counts up to the patience. */
    private int ticks;

    /** What to do with the page. */
    enum Verdict {
        /** Serve it. */
        NONE,
        /** The next tick may have caught up. */
        WAIT,
        /** Send it away; it comes back, here or elsewhere. */
        TOO_LONG,
        /** No node has ever been that far ahead of the database: it was put back, or the page makes it up. */
        ABSURD
    }

    /** Judges at a tick. */
    Verdict at(long ts, long seen) {
        if (seen - ts > ABSURD) {
            return Verdict.ABSURD;
        }
        // Two snapshots may have one number. The next tick's is taken after the page has come, so it shows no less.
        if (seen < ts || (seen == ts && (ts == 0 || ticks > 0))) {
            return Verdict.NONE;
        }
        ticks++;
        return ticks < PATIENCE_TICKS ? Verdict.WAIT : Verdict.TOO_LONG;
    }
}
