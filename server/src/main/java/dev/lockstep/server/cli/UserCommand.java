package dev.lockstep.server.cli;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.backfill.PersonSync;
import dev.lockstep.sync.freshness.UserTrail;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.workos.Priority;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user}: what the mirror says about somebody, and fetching them anew. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Shows a mirrored user or fetches one from WorkOS.",
        subcommands = {UserCommand.Show.class, UserCommand.Sync.class})
final class UserCommand extends CommandGroup {
    /** {@code user show ID}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "The row, its memberships, its sessions, and why it is as it is.")
    static final class Show implements Callable<Integer> {
        private static final String USER = """
                SELECT u.workos_user_id AS user, u.id AS account, u.email, u.display_name AS name, u.is_active AS active,
                  m.source AS by, to_char(m.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated,
                  (SELECT string_agg(om.organization_id || ':' || om.status || ':' || array_to_string(om.role_slugs, ','), ' ')
                   FROM workos.organization_memberships om
                   WHERE om.user_id = u.workos_user_id AND om.deleted_at IS NULL) AS memberships,
                  (SELECT count(*) FROM workos.sessions_live s WHERE s.user_id = u.workos_user_id) AS sessions
                FROM app.users u JOIN workos.users m ON m.id = u.workos_user_id
                WHERE u.workos_user_id = :who OR lower(u.email) = lower(:who) OR u.id::text = :who
                """;

        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(paramLabel = "USER", description = "WorkOS id, account id or e-mail address.")
        String who = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        @Override
        public Integer call() {
            Database database = target.database();
            List<Map<String, @Nullable Object>> found =
                    database.read(tx -> tx.sql(USER).param("who", who).query().listOfRows());
            PrintWriter out = EventsCommand.out(spec);
            if (found.isEmpty() && who.startsWith("user_") && !json) {
                out.println("nothing");
                explain(out, database, who);
                return 1;
            }
            if (json) {
                found.forEach(row -> row.put("why", why(database, String.valueOf(row.get("user")))));
            }
            Rows.print(out, found, json);
            if (!json) {
                found.forEach(row -> explain(out, database, String.valueOf(row.get("user"))));
            }
            return found.isEmpty() ? 1 : 0;
        }

        private void explain(PrintWriter out, Database database, String user) {
            out.println();
            out.println(user);
            why(database, user).forEach(sentence -> out.println("  " + sentence));
            out.flush();
        }

        private List<String> why(Database database, String user) {
            String environment = target.required("lockstep.workos.client-id", "workos.client-id");
            return UserWhy.sentences(database.read(tx -> UserTrail.read(tx, environment, new UserId(user))));
        }
    }

    /** {@code user sync ID}. */
    @Command(
            name = "sync",
            mixinStandardHelpOptions = true,
            description = "Fetches one user from WorkOS, with memberships and organizations, into the mirror, and makes"
                    + " account and profile where they are missing.")
    static final class Sync implements Callable<Integer> {
        private static final int PER_SECOND = 20;
        private static final String FIND =
                "SELECT workos_user_id FROM app.users WHERE lower(email) = lower(:who) OR id::text = :who";

        @Spec
        @Nullable
        CommandSpec spec;

        @Mixin
        Target target = new Target();

        @Parameters(
                paramLabel = "USER",
                description = "WorkOS id, or the account id or e-mail address of a known user.")
        String who = "";

        @Override
        public Integer call() {
            String id = workOsId();
            try (WorkOsTarget opened = WorkOsTarget.open(target, Priority.LOGIN, PER_SECOND, 1)) {
                Snapshots snapshots = new Snapshots(opened.database(), Doorbell.silent());
                Optional<PersonSync.Synced> synced =
                        new PersonSync(opened.client(), opened.database(), snapshots).run(new UserId(id));
                EventsCommand.out(spec)
                        .println(synced.map(each -> "merged " + id + ", with " + each.memberships()
                                        + " memberships and " + each.organizations() + " organizations"
                                        + (each.ended() == 0 ? "" : "; " + each.ended() + " memberships have ended"))
                                .orElse("WorkOS knows no user " + id));
                return synced.isPresent() ? 0 : 1;
            }
        }

        /** Only ids are known to WorkOS's address; anything else is looked up in the mirror first. */
        private String workOsId() {
            if (who.startsWith("user_")) {
                return who;
            }
            List<String> ids = target.database()
                    .read(tx ->
                            tx.sql(FIND).param("who", who).query(String.class).list());
            if (ids.size() != 1) {
                throw new IllegalStateException(
                        (ids.isEmpty() ? "The mirror has no user " : "The mirror has several users ") + who
                                + "; name the WorkOS id (user_…)");
            }
            return ids.getFirst();
        }
    }
}
