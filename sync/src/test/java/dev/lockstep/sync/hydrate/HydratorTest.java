package dev.lockstep.sync.hydrate;

import static dev.lockstep.sync.Wire.at;
import static dev.lockstep.sync.Wire.decoded;
import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.role;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.MirrorSink;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi.Found;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

class HydratorTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Snapshots snapshots = new Snapshots(database, () -> {});
    private final FakeObjects workOs = new FakeObjects();
    private final SettableClock clock = SettableClock.at(at(1_000));
    private final Hydrator hydrator = new Hydrator(
            database,
            workOs,
            new MirrorSink(database, snapshots),
            new HydrateSettings(
                    3, Duration.ofMinutes(10), Duration.ofMinutes(1), 3, Duration.ofHours(1), Duration.ofHours(2)),
            clock,
            () -> false);

    /** Answers from what it was given, and remembers what it was asked. */
    private static final class FakeObjects implements ObjectSource {
        private final Map<String, ObjectNode> objects = new HashMap<>();
        private final List<String> asked = new ArrayList<>();
        private @Nullable WorkOsProblem problem;

        @Override
        public synchronized Found get(ObjectKind kind, List<String> key, @Nullable String organization) {
            asked.add(kind + " " + String.join("/", key) + (organization == null ? "" : " of " + organization));
            if (problem != null) {
                throw new WorkOsException(problem);
            }
            ObjectNode found = objects.get(String.join("/", key));
            return found == null ? new Found.Gone() : new Found.There(WorkOsObject.from(kind, found));
        }
    }

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void aRoleOfAnEventGetsItsNameFromWorkOs() {
        apply(event("e1", "role.created", role("admin", 5), 5));
        workOs.objects.put("admin", role("admin", 5).put("name", "Admin"));
        assertThat(name()).isNull();

        assertThat(hydrator.hydrateOnce()).isOne();

        assertThat(name()).isEqualTo("Admin");
        assertThat(workOs.asked).containsExactly("ROLE admin");
        assertThat(waiting()).isZero();
    }

    @Test
    void theNameOfARoleStaysVisibleWhileALaterEventLeavesItOut() {
        aRoleOfAnEventGetsItsNameFromWorkOs();

        apply(event("e2", "role.updated", role("admin", 2_000), 2_000));

        assertThat(mirror.value("SELECT name IS NULL FROM workos.roles", Boolean.class))
                .isTrue();
        assertThat(name()).isEqualTo("Admin");
        assertThat(waiting()).isOne();
    }

    @Test
    void aMissingParentIsAskedForOnceItsOwnEventIsOverdue() {
        apply(event("e1", "organization_membership.created", membership("m", "u", "o", "admin", "active", 1), 1));
        workOs.objects.put("u", user("u", "Ada", 1));
        workOs.objects.put("o", organization("o", "Acme", 1));

        assertThat(hydrator.hydrateOnce()).as("within the grace period").isZero();
        due();
        assertThat(hydrator.hydrateOnce()).isEqualTo(2);

        assertThat(workOs.asked).containsExactlyInAnyOrder("USER u", "ORGANIZATION o");
        assertThat(mirror.value("SELECT organization_name FROM workos.organization_memberships_live", String.class))
                .isEqualTo("Acme");
    }

    @Test
    void aParentThatCameByItselfIsNotAskedFor() {
        apply(event("e1", "session.created", Wire.session("s", "u", "active", 1), 1));
        apply(event("e2", "user.created", user("u", "Ada", 1), 2));
        due();

        assertThat(hydrator.hydrateOnce()).isOne();

        assertThat(workOs.asked).isEmpty();
        assertThat(waiting()).isZero();
    }

    @Test
    void whatWorkOsDeniesTwiceIsGone() {
        apply(event("e1", "organization.created", organization("o", "Acme", 1), 1));
        assertThat(hydrator.hydrateOnce()).isOne();
        assertThat(goneOrganization()).as("denied once").isFalse();
        assertThat(hydrator.hydrateOnce()).as("within the grace period").isZero();
        due();

        assertThat(hydrator.hydrateOnce()).isOne();

        assertThat(goneOrganization()).isTrue();
        assertThat(mirror.value("SELECT deleted_by FROM workos.organizations", String.class))
                .isEqualTo("snapshot");
        assertThat(waiting()).isZero();
    }

    @Test
    void whatWorkOsDeniesOnceAndShowsLaterStays() {
        apply(event("e1", "organization.created", organization("o", "Acme", 1), 1));
        hydrator.hydrateOnce();
        workOs.objects.put("o", organization("o", "Acme Robotics", 2_000));
        due();

        assertThat(hydrator.hydrateOnce()).isOne();

        assertThat(goneOrganization()).isFalse();
        assertThat(mirror.value("SELECT name FROM workos.organizations", String.class))
                .isEqualTo("Acme Robotics");
    }

    @Test
    void whatBelongedToAnOrganizationThatWentGoesWhereWorkOsSaysSo() {
        apply(
                event("e1", "organization.created", organization("o", "Acme", 1), 1),
                event("e2", "dsync.activated", Wire.directory("directory_1", "o", "Okta", 1), 1),
                event("e3", "dsync.user.created", Wire.directoryUser("directory_user_1", "directory_1", "Ada", 1), 1),
                event("e4", "connection.activated", Wire.named("connection", "conn_1", "o", "SSO", 1), 1),
                event("e5", "invitation.created", Wire.named("invitation", "invitation_1", "o", "x", 1), 1));
        workOs.objects.put("invitation_1", Wire.named("invitation", "invitation_1", "o", "x", 1));
        apply(event("e6", "organization.deleted", organization("o", "Acme", 1), 2));
        due();

        hydrator.hydrateOnce();

        assertThat(mirror.list("SELECT 'directories' FROM workos.directories_live UNION ALL SELECT 'connections' FROM"
                        + " workos.connections_live UNION ALL SELECT 'people' FROM workos.directory_users_live"
                        + " UNION ALL SELECT 'invitations' FROM workos.invitations_live"))
                .containsExactly("invitations");
        assertThat(waiting()).isZero();
    }

    private boolean goneOrganization() {
        return mirror.value("SELECT deleted_at IS NOT NULL FROM workos.organizations", Boolean.class);
    }

    @Test
    void parentsInTheSameBatchAreNotMissing() {
        apply(
                event("e1", "session.created", Wire.session("s", "u", "active", 1), 1),
                event("e2", "user.created", user("u", "Ada", 1), 2));

        assertThat(waiting()).isZero();
    }

    @Test
    void aTieIsAskedForOnceAndWhatWorkOsSaysIsShown() {
        apply(event("e1", "user.updated", user("u", "one", 5), 5));
        apply(event("e2", "user.updated", user("u", "two", 5), 5));
        workOs.objects.put("u", user("u", "one", 5));

        assertThat(hydrator.hydrateOnce()).isOne();
        assertThat(hydrator.hydrateOnce()).isZero();

        assertThat(mirror.value("SELECT first_name FROM workos.users", String.class))
                .isEqualTo("one");
        assertThat(workOs.asked).containsExactly("USER u");
    }

    @Test
    void theSameEventTwiceIsNoTie() {
        apply(event("e1", "user.updated", user("u", "one", 5), 5));
        apply(event("e1", "user.updated", user("u", "one", 5), 5));

        assertThat(waiting()).isZero();
    }

    @Test
    void aTimeOfChangeFarAheadIsCheckedWithWorkOs() {
        apply(event("e1", "user.updated", user("u", "ahead", 3_600_000), 5));
        workOs.objects.put("u", user("u", "true", 6));

        hydrator.hydrateOnce();

        assertThat(mirror.value("SELECT first_name FROM workos.users", String.class))
                .isEqualTo("true");
    }

    @Test
    void aSlugThatWorkOsDeniesTwiceIsGoneUntilALaterEventShowsItAgain() {
        apply(event("e1", "role.created", role("admin", 5), 5));
        hydrator.hydrateOnce();
        due();
        hydrator.hydrateOnce();
        assertThat(mirror.value("SELECT count(*) FROM workos.roles_live", Long.class))
                .isZero();

        apply(event("e2", "role.created", role("admin", 2_000), 2_000));

        assertThat(mirror.value("SELECT count(*) FROM workos.roles_live", Long.class))
                .isOne();
    }

    @Test
    void anOutageStopsTheRoundAndCostsNoAttempt() {
        for (int i = 0; i < 5; i++) {
            apply(event("e" + i, "role.created", role("r" + i, 5), 5));
            workOs.objects.put("r" + i, role("r" + i, 5).put("name", "Role " + i));
        }
        workOs.problem = new WorkOsProblem.Unavailable(503, 4);
        for (int round = 0; round < 4; round++) {
            assertThat(hydrator.hydrateOnce()).isZero();
            due();
        }
        assertThat(workOs.asked).as("one try per round").hasSize(4);
        assertThat(mirror.value("SELECT max(attempts) FROM lockstep.refetch", Integer.class))
                .isZero();

        workOs.problem = null;
        assertThat(hydrator.hydrateOnce()).isEqualTo(5);
        assertThat(waiting()).isZero();
    }

    @Test
    void aRefusalIsGivenUpAfterItsAttemptsAndTheOthersGoOn() {
        apply(event("e1", "role.created", role("admin", 5), 5));
        workOs.problem = new WorkOsProblem.Refused(422, null);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(hydrator.hydrateOnce()).isOne();
            due();
        }

        assertThat(waiting()).isZero();
    }

    @Test
    void aGroupIsFoundThroughTheOrganizationOfItsMember() {
        apply(event("e1", "organization_membership.created", membership("m", "u", "o", "admin", "active", 1), 1));
        apply(event("e2", "group.member_added", Wire.groupMember("g", "m"), 2));
        workOs.objects.put("g", Wire.group("g", "o", "Team", 2));
        due();

        hydrator.hydrateOnce();

        assertThat(workOs.asked).contains("GROUP g of o");
        assertThat(mirror.value("SELECT name FROM workos.groups", String.class)).isEqualTo("Team");
    }

    @Test
    void whatIsWantedAgainWhileItIsFetchedStays() {
        apply(event("e1", "role.created", role("admin", 5), 5));
        ObjectSource meanwhile = (kind, key, organization) -> {
            apply(event("e2", "role.updated", role("admin", 9), 9));
            return new Found.Gone();
        };
        new Hydrator(
                        database,
                        meanwhile,
                        new MirrorSink(database, snapshots),
                        HydrateSettings.defaults(),
                        clock,
                        () -> false)
                .hydrateOnce();

        assertThat(mirror.value("SELECT attempts FROM lockstep.refetch", Integer.class))
                .isZero();
    }

    @Test
    void theThreadFetchesByItselfAndEnds() throws InterruptedException {
        CountDownLatch fetched = new CountDownLatch(1);
        ObjectSource source = (kind, key, organization) -> {
            fetched.countDown();
            return new Found.Gone();
        };
        HydrateSettings settings = new HydrateSettings(
                1, Duration.ofMillis(5), Duration.ofMinutes(1), 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        MirrorSink sink = new MirrorSink(database, snapshots);
        try (Hydrator running = new Hydrator(database, source, sink, settings, clock, () -> false)) {
            running.start();
            apply(event("e1", "role.created", role("admin", 5), 5));
            assertThat(fetched.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whileEventsWaitEachPollTakesOneBatchAndAllGetTheirTurn() throws InterruptedException {
        apply(
                event("e1", "role.created", role("a", 1), 1),
                event("e2", "role.created", role("b", 2), 2),
                event("e3", "role.created", role("c", 3), 3),
                event("e4", "role.created", role("d", 4), 4));
        List.of("a", "b", "c", "d").forEach(slug -> workOs.objects.put(slug, role(slug, 9)));
        assertThat(hydrator.hydrateWhile(() -> true, () -> false)).isEqualTo(3);
        assertThat(hydrator.hydrateWhile(() -> true, () -> false)).isEqualTo(1);

        apply(event("e5", "role.updated", role("a", 5), 5), event("e6", "role.updated", role("b", 6), 6));
        CountDownLatch fetched = new CountDownLatch(2);
        ObjectSource source = (kind, key, organization) -> {
            fetched.countDown();
            return new Found.Gone();
        };
        HydrateSettings settings = new HydrateSettings(
                1, Duration.ofMillis(5), Duration.ofMinutes(1), 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        MirrorSink sink = new MirrorSink(database, snapshots);
        try (Hydrator running = new Hydrator(database, source, sink, settings, clock, () -> true)) {
            running.start();
            assertThat(fetched.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void apply(byte[]... events) {
        database.write(tx -> new Projector()
                .apply(
                        tx,
                        List.of(events).stream()
                                .map(body -> new Incoming(decoded(body), Writer.WEBHOOK))
                                .toList()));
    }

    private void due() {
        mirror.run("UPDATE lockstep.refetch SET due_at = now() - interval '1 second'");
    }

    private long waiting() {
        return database.read(RefetchQueue::waiting);
    }

    private @Nullable String name() {
        return database.read(tx -> tx.sql("SELECT name FROM workos.roles_live WHERE slug = 'admin'")
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null));
    }
}
