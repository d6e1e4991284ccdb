package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.Snapshot;
import dev.lockstep.store.feed.Tick;
import dev.lockstep.store.feed.Ts;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** What ends sockets and sessions on this node, as the change feed tells it. */
class RevocationFeedTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());

    @Test
    void whatEndedLatelyIsFoundByAnIndex() {
        run("INSERT INTO workos.users (id, raw, source, deleted_at, applied_at) SELECT 'u' || i, '{}', 'tail',"
                + " CASE WHEN i % 10 = 0 THEN now() - i * interval '1 hour' END, now() - i * interval '1 hour'"
                + " FROM generate_series(1, 20000) i");
        run("INSERT INTO workos.sessions (id, user_id, raw, source, deleted_at, applied_at) SELECT 's' || i, 'u', '{}',"
                + " 'tail', CASE WHEN i % 2 = 0 THEN now() - i * interval '1 hour' END, now() - i * interval '1 hour'"
                + " FROM generate_series(1, 20000) i");
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, raw, source, status, applied_at)"
                        + " SELECT 'm' || i, 'u', 'o', '{}', 'tail', CASE WHEN i % 10 = 0 THEN 'inactive' ELSE 'active' END,"
                        + " now() - i * interval '1 minute' FROM generate_series(1, 20000) i");
        run("ANALYZE workos.users, workos.sessions, workos.organization_memberships");
        assertThat(plan(RevocationFeed.RECENT_USERS)).contains("users_ended").doesNotContain("Seq Scan");
        assertThat(plan(RevocationFeed.RECENT_SESSIONS))
                .contains("sessions_ended")
                .doesNotContain("Seq Scan");
        assertThat(plan(RevocationFeed.RECENT_MEMBERSHIPS))
                .contains("memberships_ended")
                .doesNotContain("Seq Scan");
    }

    /** Sockets as the engine holds them; somebody may come in while all are walked over. */
    private static final class Sockets implements Consumer<Predicate<Caller.SignedIn>> {
        private final List<Caller.SignedIn> open = new ArrayList<>();
        private final List<Caller.SignedIn> coming = new ArrayList<>();

        @Override
        public void accept(Predicate<Caller.SignedIn> ended) {
            open.removeIf(ended);
            open.addAll(coming);
            coming.clear();
        }
    }

    private record OneTick(Tx tx, List<Change> changes) implements Tick {
        @Override
        public Ts ts() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Snapshot snapshot() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long begunAt() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String exportedSnapshot() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void whoHoldsASocketWithARoleThatWasTakenLosesItAndNobodyElseDoes() {
        membership("held1", "ada", "{member}");
        membership("held2", "ben", "{admin}");
        membership("held3", "eve", "{member}");
        Sockets sockets = new Sockets();
        var feed = new RevocationFeed(new Revocations(InstantSource.system()), sockets, Duration.ofMinutes(5));
        tick(feed);

        sockets.open.addAll(List.of(caller("ada", "admin"), caller("ben", "admin"), caller("eve", "admin")));
        sockets.coming.add(caller("ada", "owner"));
        tick(feed, changed("held1", "ada"), changed("held2", "ben"));
        assertThat(sockets.open).containsExactly(caller("ben", "admin"), caller("eve", "admin"));
        tick(feed);
        assertThat(sockets.open).hasSize(2);
        feed.onGap();
        tick(feed);
        assertThat(sockets.open).containsExactly(caller("ben", "admin"));
    }

    private void membership(String id, String user, String roles) {
        run(
                "INSERT INTO workos.organization_memberships (id, user_id, organization_id, raw, source, status, role_slugs)"
                        + " VALUES ('%s', '%s', 'acme', '{}', 'tail', 'active', '%s')".formatted(id, user, roles));
    }

    private void tick(RevocationFeed feed, Change... changes) {
        database.read(tx -> {
            feed.onTick(new OneTick(tx, List.of(changes)));
            return changes.length;
        });
    }

    private static Change changed(String id, String user) {
        Map<String, JsonNode> key = Map.of(
                "id", StringNode.valueOf(id),
                "user_id", StringNode.valueOf(user),
                "organization_id", StringNode.valueOf("acme"));
        return new Change(1, 1, Instant.EPOCH, "workos.organization_memberships", Change.Op.UPDATE, key, key);
    }

    private static Caller.SignedIn caller(String user, String role) {
        return new Caller.SignedIn(
                new UserId(user),
                new SessionId("s"),
                new OrganizationId("acme"),
                Set.of(new RoleSlug(role)),
                Set.of(),
                null);
    }

    private String plan(String statement) {
        return database
                .read(tx -> tx.sql("EXPLAIN " + statement)
                        .param("seconds", 600.0)
                        .query(String.class)
                        .list())
                .stream()
                .collect(Collectors.joining("\n"));
    }

    private void run(String sql) {
        database.write(tx -> tx.sql(sql).update());
    }
}
