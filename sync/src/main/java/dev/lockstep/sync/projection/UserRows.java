package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.object.WorkOsUser;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Owns {@code workos.users}: the only SQL that writes it. */
final class UserRows {
    private static final String UPSERT = """
            INSERT INTO workos.users AS t
            SELECT * FROM jsonb_populate_recordset(NULL::workos.users, CAST(:rows AS jsonb))
            ON CONFLICT (id) DO UPDATE SET applied_at = clock_timestamp(),
              (email, email_verified, first_name, last_name, name, profile_picture_url, external_id, locale,
               last_sign_in_at, metadata, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow)
              = (SELECT email, email_verified, first_name, last_name, name, profile_picture_url, external_id, locale,
               last_sign_in_at, metadata, created_at, updated_at, raw, source, deleted_at, deleted_by,
               event_at, event_id, event_updated_at, snapshot_at, snapshot_updated_at, snapshot_digest, shadow
               FROM jsonb_populate_record(NULL::workos.users, lockstep.merge(to_jsonb(t), to_jsonb(excluded))))
            WHERE (excluded.event_at, excluded.event_id COLLATE "C")
                > (coalesce(t.event_at, '-infinity'), coalesce(t.event_id, '') COLLATE "C")
              OR (excluded.snapshot_updated_at, excluded.snapshot_at, excluded.snapshot_digest COLLATE "C")
                > (coalesce(t.snapshot_updated_at, '-infinity'), coalesce(t.snapshot_at, '-infinity'),
                   coalesce(t.snapshot_digest, '') COLLATE "C")
              OR (excluded.deleted_at, excluded.deleted_by COLLATE "C")
                < (coalesce(t.deleted_at, 'infinity'), coalesce(t.deleted_by, '') COLLATE "C")
            """;

    private final Rows rows = new Rows();

    void add(WorkOsUser user, Seen seen, boolean gone) {
        ObjectNode row = Rows.row(user.id().value());
        row.put("email", user.email());
        row.put("email_verified", user.emailVerified());
        row.put("first_name", user.firstName());
        row.put("last_name", user.lastName());
        row.put("name", user.name());
        row.put("profile_picture_url", user.profilePictureUrl());
        row.put("external_id", user.externalId());
        row.put("locale", user.locale());
        row.put("last_sign_in_at", Rows.time(user.lastSignInAt()));
        row.set("metadata", Rows.part(user.raw(), "metadata"));
        row.put("created_at", Rows.time(user.createdAt()));
        seen.complete(row, user.updatedAt(), user.raw());
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

    /** The users of this batch that are gone; what hangs on them has to go too. */
    String[] buriedIds() {
        return rows.buriedIds();
    }
}
