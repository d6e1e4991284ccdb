package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.object.WorkOsMembership;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Owns {@code workos.organization_memberships}: the only SQL that writes it. */
final class MembershipRows {
    private static final String UPSERT = """
            INSERT INTO workos.organization_memberships AS t
            SELECT * FROM jsonb_populate_recordset(NULL::workos.organization_memberships, CAST(:rows AS jsonb))
            ON CONFLICT (id) DO UPDATE SET applied_at = clock_timestamp(),
              (user_id, organization_id, status, role_slugs, directory_managed, custom_attributes,
               created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow)
              = (SELECT user_id, organization_id, status, role_slugs, directory_managed, custom_attributes,
               created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow
               FROM jsonb_populate_record(NULL::workos.organization_memberships,
                 lockstep.merge(to_jsonb(t), to_jsonb(excluded))))
            WHERE (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")
              OR (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")
              OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            """;
    private static final String BURY_WITH_USERS = """
            UPDATE workos.organization_memberships m
            SET deleted_at = p.deleted_at, deleted_by = p.deleted_by, applied_at = clock_timestamp()
            FROM workos.users p
            WHERE p.id = m.user_id AND (m.user_id = ANY(:parents) OR m.id = ANY(:own))
              AND (p.deleted_at, p.deleted_by COLLATE "C")
                < (coalesce(m.deleted_at, 'infinity'), coalesce(m.deleted_by, '') COLLATE "C")
            """;
    private static final String BURY_WITH_ORGANIZATIONS = """
            UPDATE workos.organization_memberships m
            SET deleted_at = p.deleted_at, deleted_by = p.deleted_by, applied_at = clock_timestamp()
            FROM workos.organizations p
            WHERE p.id = m.organization_id AND (m.organization_id = ANY(:parents) OR m.id = ANY(:own))
              AND (p.deleted_at, p.deleted_by COLLATE "C")
                < (coalesce(m.deleted_at, 'infinity'), coalesce(m.deleted_by, '') COLLATE "C")
            """;

    private final Rows rows = new Rows();

    void add(WorkOsMembership membership, Seen seen, boolean gone) {
        ObjectNode row = Rows.row(membership.id().value());
        row.put("user_id", membership.userId().value());
        row.put("organization_id", membership.organizationId().value());
        row.put("status", membership.status());
        ArrayNode roles = row.putArray("role_slugs");
        membership.roles().forEach(role -> roles.add(role.value()));
        row.put("directory_managed", membership.directoryManaged());
        row.set("custom_attributes", Rows.part(membership.raw(), "custom_attributes"));
        row.put("created_at", Rows.time(membership.createdAt()));
        seen.complete(row, membership.updatedAt(), membership.raw());
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

    /** A membership goes with its user and its organization, whichever of the two was heard of first. */
    void buryWithParents(Tx tx, String[] users, String[] organizations) {
        String[] own = rows.ids();
        if (users.length + own.length > 0) {
            tx.sql(BURY_WITH_USERS).param("parents", users).param("own", own).update();
        }
        if (organizations.length + own.length > 0) {
            tx.sql(BURY_WITH_ORGANIZATIONS)
                    .param("parents", organizations)
                    .param("own", own)
                    .update();
        }
    }
}
