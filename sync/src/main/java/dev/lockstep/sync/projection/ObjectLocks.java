package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.util.HashMap;
import java.util.Map;

/**
 * Locks on objects by id, held until the transaction ends. Taken in the order of their keys by everybody, so that two
 * holders never wait for each other.
 */
final class ObjectLocks {
    private static final String TAKE = """
            SELECT count(CASE WHEN shared THEN pg_advisory_xact_lock_shared(key)::text
              ELSE pg_advisory_xact_lock(key)::text END)
            FROM (
              SELECT hashtextextended('lockstep:' || id, 0) AS key, bool_and(shared) AS shared
              FROM unnest(CAST(:ids AS text[]), CAST(:shared AS boolean[])) AS wanted (id, shared)
              GROUP BY 1 ORDER BY 1 OFFSET 0) AS ordered
            """;

    private final Map<String, Boolean> sharedById = new HashMap<>();
    private boolean taken;

    void exclusive(String id) {
        sharedById.put(id, false);
        taken = false;
    }

    void shared(String id) {
        taken &= sharedById.putIfAbsent(id, true) != null;
    }

    /** What others hold too. */
    void add(ObjectLocks others) {
        others.sharedById.forEach((id, shared) -> {
            if (shared) {
                shared(id);
            } else {
                exclusive(id);
            }
        });
    }

    /** Takes all of them, once: every call belongs to the same transaction. */
    void take(Tx tx) {
        if (!taken && !sharedById.isEmpty()) {
            taken = true;
            tx.sql(TAKE)
                    .param("ids", sharedById.keySet().toArray(String[]::new))
                    .param("shared", sharedById.values().toArray(Boolean[]::new))
                    .query(Long.class)
                    .single();
        }
    }
}
