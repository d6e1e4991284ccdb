package dev.lockstep.session.keeping;

/** What becomes of a session that should last beyond this request. */
public sealed interface KeepOutcome {

    /**
     * Kept.
     *
     * @param value the cookie's value, written raw
     * @param onServer whether the value is only a reference
     */
    record Kept(String value, boolean onServer) implements KeepOutcome {
        @Override
        public String toString() {
            return "Kept[" + value.length() + " characters, onServer=" + onServer + "]";
        }
    }

    /** It does not fit into a cookie, and there is no table for it. */
    record TooBig(int bytes, int budget) implements KeepOutcome {}

    /**
     * It belongs into the table, which cannot be asked now. The cookie that is there stays good.
     *
     * @param reason one sentence for a log
     */
    record Unavailable(String reason) implements KeepOutcome {}
}
