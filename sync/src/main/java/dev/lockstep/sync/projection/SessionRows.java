package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.workos.object.WorkOsSession;
import tools.jackson.databind.node.ObjectNode;

/** Owns {@code workos.sessions}: the only SQL that writes it. */
final class SessionRows {
    private static final String UPSERT = """
            INSERT INTO workos.sessions AS t
            SELECT * FROM jsonb_populate_recordset(NULL::workos.sessions, CAST(:rows AS jsonb))
            ON CONFLICT (id) DO UPDATE SET applied_at = clock_timestamp(),
              (user_id, organization_id, auth_method, status, ip_address, user_agent, impersonator, expires_at,
               ended_at, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow)
              = (SELECT user_id, organization_id, auth_method, status, ip_address, user_agent, impersonator, expires_at,
               ended_at, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow
               FROM jsonb_populate_record(NULL::workos.sessions, lockstep.merge(to_jsonb(t), to_jsonb(excluded))))
            WHERE (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")
              OR (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")
              OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            """;
    private static final String BURY_WITH_USERS = """
            UPDATE workos.sessions s
            SET deleted_at = p.deleted_at, deleted_by = p.deleted_by, applied_at = clock_timestamp()
            FROM workos.users p
            WHERE p.id = s.user_id AND (s.user_id = ANY(:parents) OR s.id = ANY(:own))
              AND (p.deleted_at, p.deleted_by COLLATE "C")
                < (coalesce(s.deleted_at, 'infinity'), coalesce(s.deleted_by, '') COLLATE "C")
            """;
    private static final String ACTIVE = "active";

    private final Rows rows = new Rows();

    /** Ended is terminal for a session, whoever says it: an event, or a reply that shows another status than active. */
    void add(WorkOsSession session, Seen seen, boolean revoked) {
        if (session.userId() == null) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_EVENT_UNSTORABLE,
                    "A session names no user; look at the event in the parked list.");
        }
        ObjectNode row = Rows.row(session.id().value());
        row.put("user_id", session.userId().value());
        row.put(
                "organization_id",
                session.organizationId() == null
                        ? null
                        : session.organizationId().value());
        row.put("auth_method", session.authMethod());
        row.put("status", session.status());
        row.put("ip_address", session.ipAddress());
        row.put("user_agent", session.userAgent());
        row.set("impersonator", Rows.part(session.raw(), "impersonator"));
        row.put("expires_at", Rows.time(session.expiresAt()));
        row.put("ended_at", Rows.time(session.endedAt()));
        row.put("created_at", Rows.time(session.createdAt()));
        seen.complete(row, session.updatedAt(), session.raw());
        boolean over = session.endedAt() != null
                || (session.status() != null && !session.status().equals(ACTIVE));
        if (revoked || over) {
            seen.bury(row, null);
        }
        rows.add(row);
    }

    void write(Tx tx) {
        rows.upsert(tx, UPSERT);
    }

    /** A session goes with its user, whichever of the two was heard of first. */
    void buryWithUsers(Tx tx, String[] users) {
        String[] own = rows.ids();
        if (users.length + own.length > 0) {
            tx.sql(BURY_WITH_USERS).param("parents", users).param("own", own).update();
        }
    }
}
