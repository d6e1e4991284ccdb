package dev.lockstep.store.feed;

/**
 * The clock read together with the snapshot that it belongs to.
 *
 * @param ts the reading
 * @param snapshot what was visible then
 */
public record Reading(Ts ts, Snapshot snapshot) {
    int epoch() {
        return (int) (ts.value() >>> Ts.COUNTER_BITS);
    }
}
