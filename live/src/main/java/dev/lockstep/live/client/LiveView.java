package dev.lockstep.live.client;

import java.util.Map;

/**
 * What a client shows at one moment: the results of all its queries, read together.
 *
 * @param ts the moment, by the clock that all nodes share
 * @param results by the number of the subscription; one that has no result yet is absent
 */
public record LiveView(long ts, Map<Long, LiveResult> results) {
    public LiveView {
        results = Map.copyOf(results);
    }
}
