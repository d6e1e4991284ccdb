package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives each organization its row in {@code app.tenants}, once. A slug stays when the organization is renamed and is
 * never given to another one, even when the organization is gone; what the application changes there is left alone.
 */
final class Tenants {
    private static final String ENSURE = """
            INSERT INTO app.tenants (organization_id, slug)
            SELECT organization_id, slug
            FROM unnest(CAST(:organizations AS text[]), CAST(:slugs AS text[])) AS wanted (organization_id, slug)
            WHERE NOT EXISTS (SELECT FROM app.tenants t WHERE t.organization_id = wanted.organization_id)
            ON CONFLICT DO NOTHING
            """;
    private static final String KNOWN = "SELECT organization_id FROM app.tenants WHERE organization_id = ANY(:ids)";

    private final Map<String, String> nameById = new TreeMap<>();

    void add(String organization, String name) {
        nameById.put(organization, name);
    }

    void addAll(Tenants tenants) {
        nameById.putAll(tenants.nameById);
    }

    void ensure(Tx tx) {
        if (nameById.isEmpty()) {
            return;
        }
        Map<String, String> wanted = new TreeMap<>(nameById);
        for (int suffix : TenantSlug.SUFFIXES) {
            tx.sql(KNOWN)
                    .param("ids", wanted.keySet().toArray(String[]::new))
                    .query(String.class)
                    .list()
                    .forEach(wanted::remove);
            if (wanted.isEmpty()) {
                return;
            }
            tx.sql(ENSURE)
                    .param("organizations", wanted.keySet().toArray(String[]::new))
                    .param(
                            "slugs",
                            wanted.entrySet().stream()
                                    .map(one -> TenantSlug.of(one.getValue(), one.getKey(), suffix))
                                    .toArray(String[]::new))
                    .update();
        }
    }
}
