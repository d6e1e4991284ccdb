package dev.lockstep.live.wire;

/**
 * Where a client stands: the query set and the identity it asked for, and the moment its results are from.
 *
 * @param querySet version of the newest query set that is answered
 * @param identity how many identities have been accepted
 * @param ts clock value of the results, never falling on one socket
 */
public record StateVersion(long querySet, long identity, long ts) {
    /** Where every socket begins. */
    public static final StateVersion START = new StateVersion(0, 0, 0);
}
