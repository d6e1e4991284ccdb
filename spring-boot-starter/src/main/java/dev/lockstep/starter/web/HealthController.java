package dev.lockstep.starter.web;

import dev.lockstep.store.Database;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The short answer to whether this node can serve; the long one is the actuator's, on its own port. */
@RestController
final class HealthController {
    private final Database database;
    private final InstantSource clock;

    HealthController(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @GetMapping("/health")
    Map<String, Object> health(HttpServletResponse response) {
        String status = "healthy";
        try {
            database.read(tx -> tx.sql("SELECT 1").query(Integer.class).single());
        } catch (DataAccessException e) {
            status = "database-unreachable";
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        response.setHeader("Cache-Control", "no-store");
        return Map.of("status", status, "timestamp", clock.instant().toString());
    }
}
