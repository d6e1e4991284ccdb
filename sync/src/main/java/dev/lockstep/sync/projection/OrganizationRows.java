package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.object.WorkOsOrganization;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Owns {@code workos.organizations}: the only SQL that writes it. */
final class OrganizationRows {
    private static final String UPSERT = """
            INSERT INTO workos.organizations AS t
            SELECT * FROM jsonb_populate_recordset(NULL::workos.organizations, CAST(:rows AS jsonb))
            ON CONFLICT (id) DO UPDATE SET applied_at = clock_timestamp(),
              (name, external_id, domains, metadata, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow)
              = (SELECT name, external_id, domains, metadata, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow
               FROM jsonb_populate_record(NULL::workos.organizations,
                 lockstep.merge(to_jsonb(t), to_jsonb(excluded))))
            WHERE (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")
              OR (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")
              OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            """;

    private final Rows rows = new Rows();

    void add(WorkOsOrganization organization, Seen seen, boolean gone) {
        ObjectNode row = Rows.row(organization.id().value());
        row.put("name", organization.name());
        row.put("external_id", organization.externalId());
        row.set("domains", Rows.part(organization.raw(), "domains"));
        row.set("metadata", Rows.part(organization.raw(), "metadata"));
        row.put("created_at", Rows.time(organization.createdAt()));
        seen.complete(row, organization.updatedAt(), organization.raw());
        if (gone) {
            seen.bury(row, null);
        }
        rows.add(row);
    }

    /** The rows as they would be inserted. */
    ArrayNode json() {
        return rows.json();
    }

    void write(Tx tx) {
        rows.upsert(tx, UPSERT);
    }

    /** The organizations of this batch that are gone; what hangs on them has to go too. */
    String[] buriedIds() {
        return rows.buriedIds();
    }
}
