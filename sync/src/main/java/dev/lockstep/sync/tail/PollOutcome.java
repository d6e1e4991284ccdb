package dev.lockstep.sync.tail;

/** What came of one poll. */
public sealed interface PollOutcome {
    /**
     * The end of the Events API was reached.
     *
     * @param pages read, at least one
     * @param events on those pages
     * @param stored how many of them were new
     */
    record CaughtUp(int pages, int events, int stored) implements PollOutcome {}

    /** Another node holds the lease and polls. */
    record Standby() implements PollOutcome {}

    /** Another node took the lease or moved the cursor in the middle; what this poll had not committed is not stored. */
    record Fenced() implements PollOutcome {}

    /** The tail is being closed; the pages read before are stored and the next holder goes on behind them. */
    record Stopped() implements PollOutcome {}
}
