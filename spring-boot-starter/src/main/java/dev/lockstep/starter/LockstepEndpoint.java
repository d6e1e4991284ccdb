package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** What an operator asks a node about live functions, at {@code /actuator/lockstep}: sockets, run times, results. */
@Endpoint(id = "lockstep")
final class LockstepEndpoint {
    private final LiveEngine live;
    private final FunctionTimes functions;

    LockstepEndpoint(LiveEngine live, FunctionTimes functions) {
        this.live = live;
        this.functions = functions;
    }

    /** Since the start of this node; the function that took the most time stands first. */
    @ReadOperation
    public Map<String, Object> show() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("live", live.isLive());
        shown.put("connections", live.openSockets());
        List<Map<String, Object>> rows =
                functions.standings().stream().map(LockstepEndpoint::row).toList();
        shown.put("functions", rows);
        return shown;
    }

    private static Map<String, Object> row(FunctionTimes.Standing one) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", one.name());
        row.put("kind", one.kind().name());
        row.put("done", one.done());
        row.put("refused", one.refused());
        row.put("failed", one.failed());
        row.put("meanMs", one.mean().toNanos() / 1e6);
        row.put("slowestMs", one.slowest().toNanos() / 1e6);
        return row;
    }
}
