package dev.lockstep.live.function;

import dev.lockstep.live.subscription.Dependency;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares what a statement declares with the tables in the database's own plan, views resolved. For tests and development:
 * it plans each statement once more. Thread-safe.
 */
final class SqlCheck {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    /** Whether this statement was never checked. */
    boolean isNew(String text) {
        return checked.add(text);
    }

    /** Fails when the plan reads a table that is neither declared nor left out on purpose. */
    void check(JdbcClient.StatementSpec explain, List<Dependency> declared, Set<String> leftOut) {
        JsonNode plan = JSON.readTree(explain.query(String.class).single());
        Set<String> read = new TreeSet<>();
        collect(plan, read);
        read.removeAll(declared.stream().map(Dependency::table).collect(Collectors.toSet()));
        read.removeAll(leftOut);
        read.removeIf(table -> table.startsWith("pg_catalog."));
        if (!read.isEmpty()) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_SQL_UNDECLARED,
                    "A statement reads " + String.join(", ", read) + " without declaring it; add a Dependency, or"
                            + " ignoring(table) when its changes shall not run the query again");
        }
    }

    private static void collect(JsonNode node, Set<String> read) {
        if (node.isObject() && node.has("Relation Name")) {
            read.add(node.path("Schema").asString() + "."
                    + node.get("Relation Name").asString());
        }
        node.forEach(child -> collect(child, read));
    }
}
