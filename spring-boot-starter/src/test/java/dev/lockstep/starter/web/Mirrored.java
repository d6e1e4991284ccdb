package dev.lockstep.starter.web;

import dev.lockstep.store.Database;

/** Writes what a test needs straight into the mirror, as if sync had. */
final class Mirrored {
    private final Database database;

    Mirrored(Database database) {
        this.database = database;
    }

    void clear() {
        run("TRUNCATE workos.users, workos.organizations, workos.organization_memberships, workos.roles,"
                + " workos.organization_roles, lockstep.sync_mark,"
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

    /** A role of the environment that allows this. */
    void role(String slug, String... permissions) {
        run("INSERT INTO workos.roles (slug, permissions, raw, source) VALUES ('" + slug + "', '{"
                + String.join(",", permissions) + "}', '{\"permissions\": []}', 'tail')"
                + " ON CONFLICT (slug) DO UPDATE SET permissions = excluded.permissions");
    }

    /** A role of one organization that allows this. */
    void organizationRole(String organization, String slug, String... permissions) {
        run("INSERT INTO workos.organization_roles (organization_id, slug, permissions, raw, source) VALUES ('"
                + organization + "', '" + slug + "', '{" + String.join(",", permissions)
                + "}', '{\"permissions\": []}', 'tail')");
    }

    void isFresh() {
        run("INSERT INTO lockstep.sync_mark (seq, through) VALUES (1000, clock_timestamp())");
    }

    void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
