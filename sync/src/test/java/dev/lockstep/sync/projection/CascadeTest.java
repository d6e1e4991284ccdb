package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.decoded;
import static dev.lockstep.sync.Wire.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.sync.projection.Snapshots.Absent;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

/** What goes with its parent: with which cause, at any size, and beside others that bury the same. */
class CascadeTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final int PEOPLE = 8;
    private static final int ROUNDS = 15;

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Projector projector = new Projector();
    private final Snapshots snapshots = new Snapshots(database, () -> {});

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void aDirectoryOfThousandsGoesInOneTransaction() {
        apply(List.of(event("e0", "dsync.activated", Wire.directory("d", "o", "Okta", 1), 1)));
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            events.add(event("u" + i, "dsync.user.created", Wire.directoryUser("u" + i, "d", "Ada", 2), 2));
            if (events.size() == 1_000) {
                apply(events);
                events.clear();
            }
        }
        apply(List.of(event("e9", "dsync.deleted", Wire.directory("d", "o", "Okta", 1), 9)));

        assertThat(mirror.value("SELECT count(*) FROM workos.directory_users WHERE deleted_by = 'e9'", Long.class))
                .isEqualTo(12_000);
        assertThat(mirror.value("SELECT count(*) FROM workos.directory_users_live", Long.class))
                .isZero();
    }

    @Test
    void deletionsOverTheSameRowsNeverWaitForEachOther() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < ROUNDS; round++) {
                mirror.clear();
                List<byte[]> before = new ArrayList<>();
                for (int i = 0; i < PEOPLE; i++) {
                    before.add(event("u" + i, "user.created", Wire.user("u" + i, "Ada", 1), 1));
                    before.add(event("o" + i, "organization.created", Wire.organization("o" + i, "Acme", 1), 1));
                    before.add(event("g" + i, "group.created", Wire.group("g" + i, "o" + i, "Team", 1), 1));
                }
                before.addAll(each("m", "organization_membership.created", 2));
                before.addAll(each("p", "group.member_added", 3));
                apply(before);

                together(
                        threads,
                        () -> apply(parents("x", "user.deleted")),
                        () -> apply(parents("y", "organization.deleted").reversed()),
                        () -> apply(each("z", "organization_membership.updated", 4)),
                        () -> apply(each("q", "group.member_removed", 5).reversed()));

                assertThat(mirror.list("SELECT id FROM workos.organization_memberships_live"))
                        .isEmpty();
                assertThat(mirror.value(
                                "SELECT count(*) FROM workos.organization_memberships WHERE deleted_at IS NULL",
                                Long.class))
                        .isZero();
                assertThat(mirror.value(
                                "SELECT count(*) FROM workos.group_members WHERE deleted_at IS NULL", Long.class))
                        .isZero();
            }
        }
    }

    @Test
    void whatWorkOsSaysIsAbsentIsBuriedWithWhatHangsOnIt() {
        apply(List.of(
                event("e1", "user.created", Wire.user("u", "Ada", 1), 1),
                event("e2", "session.created", Wire.session("s", "u", "active", 1), 1),
                event("e3", "permission.created", Wire.permission("read", "Read", 1), 1)));

        snapshots.apply(
                Fetched.absent(List.of(
                        new Absent(ObjectKind.USER, List.of("u")),
                        new Absent(ObjectKind.USER, List.of("nobody")),
                        new Absent(ObjectKind.PERMISSION, List.of("read")))),
                Wire.at(50),
                Writer.SNAPSHOT);
        assertThat(mirror.row("workos.users", "u").orElseThrow().deletedBy()).isEqualTo("snapshot");
        assertThat(mirror.row("workos.sessions", "s").orElseThrow().deletedBy()).isEqualTo("snapshot");
        assertThat(mirror.row("workos.users", "nobody")).isEmpty();
        assertThat(mirror.list("SELECT slug FROM workos.permissions_live")).isEmpty();

        apply(List.of(
                event("e4", "user.updated", Wire.user("u", "Ada", 60), 60),
                event("e5", "permission.created", Wire.permission("read", "Read", 60), 60)));
        assertThat(mirror.list("SELECT id FROM workos.users_live")).isEmpty();
        assertThat(mirror.list("SELECT slug FROM workos.permissions_live")).containsExactly("read");
    }

    @Test
    void whatAnObjectCarriesIsJoinedWithIt() {
        ObjectNode organization = Wire.organization("o", "Acme", 1);
        organization.putArray("domains").addObject().put("id", "dom").put("domain", "acme.test");
        ObjectNode person = Wire.directoryUser("u", "d", "Ada", 1);
        person.putArray("groups").add(Wire.directoryGroup("g", "d", "Staff", 1));

        snapshots.apply(
                Fetched.objects(List.of(
                        WorkOsObject.from(ObjectKind.ORGANIZATION, organization),
                        WorkOsObject.from(ObjectKind.DIRECTORY_USER, person))),
                Wire.at(5),
                Writer.SNAPSHOT);

        assertThat(mirror.value(
                        "SELECT domain || ' ' || organization_id FROM workos.organization_domains", String.class))
                .isEqualTo("acme.test o");
        assertThat(mirror.row("workos.directory_group_members", "g/u")).isPresent();
    }

    @Test
    void eventsWithoutAnObjectAreKeptOnceInTheirLog() {
        ObjectNode attempt = Wire.user("x", "?", 1)
                .put("type", "password")
                .put("user_id", "u")
                .put("password", "secret");
        byte[] failed = event("e1", "authentication.password_failed", attempt, 1);
        apply(List.of(failed, event("e2", "vault.data.read", Wire.user("x", "?", 1), 2)));
        apply(List.of(failed));

        assertThat(mirror.list("SELECT type || ' ' || user_id || ' ' || source FROM workos.authentication_events"))
                .containsExactly("authentication.password_failed u webhook");
        assertThat(mirror.list("SELECT type FROM workos.event_log")).containsExactly("vault.data.read");
        assertThat(mirror.value("SELECT raw::text FROM workos.authentication_events", String.class))
                .doesNotContain("secret");
    }

    private int apply(List<byte[]> events) {
        return database.write(tx -> projector
                .apply(
                        tx,
                        events.stream()
                                .map(body -> new Incoming(decoded(body), Writer.WEBHOOK))
                                .toList())
                .size());
    }

    /** Everybody is in every organization, and in its group. */
    private static List<byte[]> each(String prefix, String type, long time) {
        List<byte[]> events = new ArrayList<>();
        for (int u = 0; u < PEOPLE; u++) {
            for (int o = 0; o < PEOPLE; o++) {
                String member = "m" + u + "in" + o;
                ObjectNode object = type.startsWith("group")
                        ? Wire.groupMember("g" + o, member)
                        : Wire.membership(member, "u" + u, "o" + o, "member", "active", time);
                events.add(event(prefix + u + "in" + o, type, object, time));
            }
        }
        return events;
    }

    private static List<byte[]> parents(String prefix, String type) {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            ObjectNode object =
                    type.startsWith("user") ? Wire.user("u" + i, "Ada", 1) : Wire.organization("o" + i, "Acme", 1);
            events.add(event(prefix + i, type, object, 9));
        }
        return events;
    }

    @SafeVarargs
    private static void together(ExecutorService threads, Callable<Integer>... work) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(work.length);
        List<Future<Integer>> running = new ArrayList<>();
        for (Callable<Integer> one : work) {
            running.add(threads.submit(() -> {
                barrier.await();
                return one.call();
            }));
        }
        for (Future<Integer> one : running) {
            one.get();
        }
    }
}
