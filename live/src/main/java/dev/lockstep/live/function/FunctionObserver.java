package dev.lockstep.live.function;

/**
 * Hears how functions end, for meters and error trackers. Called on the thread of the function, so it must be quick and
 * may not throw.
 */
public interface FunctionObserver {
    /** Hears nothing. */
    FunctionObserver NONE = new FunctionObserver() {};

    /** How a run ended. */
    enum End {
        DONE,
        /** The function said no, in words for the page, or its arguments did not fit. */
        REFUSED,
        /** It broke. */
        FAILED
    }

    /**
     * A function ran. A mutation that met others in its way runs again, and each run counts.
     *
     * @param nanos how long it took, waiting for the database included
     */
    default void ran(LiveFunctions.Kind kind, String path, End end, long nanos) {}

    /**
     * A function broke, and the page got no more than this reference.
     *
     * @param requestId stands in the log beside LIVE_FUNCTION_FAILED
     * @param cause its message may repeat values of rows
     */
    default void failed(String path, String requestId, RuntimeException cause) {}
}
