package dev.lockstep.session.refresh;

import java.time.Duration;

/**
 * Where the nodes agree on who spends a refresh token, and leave the answer for the others. A port: it stores bytes that
 * it cannot read, under a name that gives nothing away.
 */
public interface RefreshClaims {

    /** What becomes of a claim. */
    sealed interface Claim {}

    /**
     * Nobody else is at it: call WorkOS, then {@link #answer}.
     *
     * @param ticket proves that the claim is still ours when the answer is there
     * @param spent whether the token was traded before, and so long ago that its answer is gone
     */
    record Mine(String ticket, boolean spent) implements Claim {}

    /** Another node is at it. */
    record Taken() implements Claim {}

    /** Another node has been at it; this is its answer, encrypted. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    record Answered(byte[] sealed) implements Claim {
        @Override
        public String toString() {
            return "Answered[" + sealed.length + " bytes]";
        }
    }

    /**
     * Tries to be the one.
     *
     * @param flight names the token and the organization; a digest, never the token
     * @param lease how long the claim is good if no answer follows
     */
    Claim claim(String flight, Duration lease) throws Unavailable;

    /**
     * Leaves the answer for the other nodes, unless the claim was lost meanwhile.
     *
     * @param renewed whether the token was traded for the next one, to be remembered for a day
     * @param keep how long it may be read
     */
    void answer(String flight, String ticket, byte[] sealed, boolean renewed, Duration keep) throws Unavailable;

    /** The nodes cannot agree now; each is on its own. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param reason one sentence for a log, without any value */
        public Unavailable(String reason) {
            super(reason);
        }
    }
}
