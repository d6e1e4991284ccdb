package dev.lockstep.starter.web;

import dev.lockstep.store.Database;

/** Writes what a test needs straight into the mirror, as if sync had. */
final class Mirrored {
    private final Database database;

    Mirrored(Database database) {
        this.database = database;
    }

    void clear() {
        run("TRUNCATE workos.users, workos.organizations, workos.organization_memberships, lockstep.sync_mark,"
                + " lockstep.inbox");
    }

    void person(String user, String organization, String role) {
        run("INSERT INTO workos.users (id, raw, source, updated_at) VALUES ('" + user
                + "', '{}', 'tail', '2026-03-01T10:00:00Z')");
        run("INSERT INTO workos.organizations (id, raw, source) VALUES ('" + organization + "', '{}', 'tail')");
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, status, role_slugs, raw, source)"
                        + " VALUES ('om_" + user + "', '" + user + "', '" + organization + "', 'active', '{" + role
                        + "}', '{}', 'tail')");
    }

    void isFresh() {
        run("INSERT INTO lockstep.sync_mark (seq, through) VALUES (1000, clock_timestamp())");
    }

    void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
