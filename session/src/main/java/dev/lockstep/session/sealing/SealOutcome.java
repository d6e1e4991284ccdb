package dev.lockstep.session.sealing;

/** What becomes of a session that should go into a cookie. */
public sealed interface SealOutcome {

    /**
     * It fits.
     *
     * @param value the cookie's value, written raw
     * @param trimmed whether the user's metadata or picture had to be left out
     */
    record Sealed(String value, boolean trimmed) implements SealOutcome {
        @Override
        public String toString() {
            return "Sealed[" + value.length() + " characters, trimmed=" + trimmed + "]";
        }
    }

    /**
     * It does not fit, even trimmed: a browser would drop the cookie without a word. Keep the session on the server, or
     * ask for a smaller token.
     *
     * @param bytes the JSON's size after trimming, in UTF-8 bytes
     * @param budget what fits, in bytes
     */
    record TooBig(int bytes, int budget) implements SealOutcome {}
}
