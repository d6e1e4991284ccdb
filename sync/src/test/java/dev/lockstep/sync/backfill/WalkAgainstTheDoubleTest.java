package dev.lockstep.sync.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.backfill.Backfill.Summary;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.reconcile.Reconcile;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.reconcile.Verdict;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workosdouble.Directory;
import dev.lockstep.workosdouble.DoubleId;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.NewDirectoryUser;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every kind of object, through the real lists and lookups of the API. */
class WalkAgainstTheDoubleTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final Permission READ = new Permission("docs:read");

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final SettableClock clock = SettableClock.at("2024-03-01T10:00:00Z");
    private WorkOsDouble workOs;
    private WorkOsClient client;
    private WorkOsObjects objects;
    private final List<UserId> people = new ArrayList<>();
    private final List<MembershipId> members = new ArrayList<>();
    private OrganizationId acme;
    private Directory directory;
    private final List<DoubleId.DirectoryUser> listed = new ArrayList<>();
    private DoubleId.DirectoryGroup engineers;
    private DoubleId.Group admins;

    @BeforeEach
    void anEnvironmentWithOneOfEverythingAndMoreThanAPageOfPeople() {
        workOs = WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
        WorkOsSettings settings = WorkOsSettings.of(new ApiKey(workOs.apiKey()), workOs.clientId())
                .withBaseUrl(workOs.baseUrl());
        client = WorkOsClient.open(settings, new RateBudget(10_000, 10_000, System::nanoTime), clock, new Random(1));
        objects = new WorkOsObjects(
                client.at(Priority.BACKFILL), EnumSet.allOf(Mirrored.class), new DirectoryPace(System::nanoTime));
        acme = workOs.createOrganization("Acme Robotics");
        workOs.createOrganization("Globex");
        for (int i = 0; i < 130; i++) {
            UserId person = workOs.createUser(NewUser.named("p" + i + "@acme.test", "Person", "Number " + i));
            people.add(person);
            members.add(workOs.addMember(person, acme, new RoleSlug("member")));
        }
        workOs.permissions().create(READ, "Read documents");
        workOs.roles().create(new RoleSlug("editor"), "Editor", List.of(READ));
        workOs.roles().create(acme, new RoleSlug("org-pilot"), "Pilot", List.of(READ));
        workOs.domains().add(acme, "acme.test");
        workOs.invitations().invite("new@acme.test", acme, null);
        workOs.connections().activate(workOs.connections().draft(acme, "Okta", "OktaSAML"));
        workOs.flags().create("beta", "Beta");
        workOs.apiKeys().create(acme, "Robot", List.of("docs:read"));
        admins = workOs.groups().create(acme, "Admins");
        workOs.groups().add(admins, members.getFirst());
        directory = workOs.directory(acme, "Okta directory");
        engineers = directory.addGroup("Engineers");
        for (int i = 0; i < 12; i++) {
            DoubleId.DirectoryUser person =
                    directory.addUser(NewDirectoryUser.named("d" + i + "@acme.test", "Dir", "Number " + i));
            listed.add(person);
            directory.join(person, engineers);
        }
        clock.advance(Duration.ofMinutes(10));
    }

    @AfterEach
    void stop() {
        client.close();
        workOs.close();
    }

    private Summary backfill(int lanes) {
        return new Backfill(database, objects, "test", lanes, () -> {}).run(Start.FRESH, totals -> {});
    }

    private Verdict reconcile(Mode mode) {
        return new Reconcile(
                        database,
                        objects,
                        new Freshness(database, "test"),
                        new Reconcile.Settings(3, Duration.ZERO),
                        () -> {})
                .run(mode, totals -> {});
    }

    private Map<Mirrored, Long> alive() {
        Map<Mirrored, Long> counts = new EnumMap<>(Mirrored.class);
        for (Mirrored kind : Mirrored.values()) {
            counts.put(
                    kind,
                    mirror.value(
                            "SELECT count(*) FROM workos." + kind.word() + " WHERE deleted_at IS NULL", Long.class));
        }
        return counts;
    }

    @Test
    void everyKindIsFilledAndTheComparisonFindsEveryListExact() {
        Summary summary = backfill(4);

        assertThat(summary.isComplete()).as("%s", summary).isTrue();
        assertThat(alive())
                .containsEntry(Mirrored.USERS, 130L)
                .containsEntry(Mirrored.ORGANIZATIONS, 2L)
                .containsEntry(Mirrored.ORGANIZATION_DOMAINS, 1L)
                .containsEntry(Mirrored.MEMBERSHIPS, 130L)
                .containsEntry(Mirrored.ORGANIZATION_ROLES, 1L)
                .containsEntry(Mirrored.INVITATIONS, 1L)
                .containsEntry(Mirrored.CONNECTIONS, 1L)
                .containsEntry(Mirrored.DIRECTORIES, 1L)
                .containsEntry(Mirrored.DIRECTORY_GROUPS, 1L)
                .containsEntry(Mirrored.DIRECTORY_USERS, 12L)
                .containsEntry(Mirrored.DIRECTORY_GROUP_MEMBERS, 12L)
                .containsEntry(Mirrored.FEATURE_FLAGS, 1L)
                .containsEntry(Mirrored.GROUPS, 1L)
                .containsEntry(Mirrored.GROUP_MEMBERS, 1L)
                .containsEntry(Mirrored.API_KEYS, 1L);
        assertThat(mirror.value("SELECT count(*) FROM workos.roles WHERE slug = 'editor'", Long.class))
                .isEqualTo(1);
        assertThat(mirror.value("SELECT count(*) FROM workos.permissions WHERE slug = 'docs:read'", Long.class))
                .isEqualTo(1);

        Verdict verdict = reconcile(Mode.DRY_RUN);
        assertThat(verdict.drift())
                .as("%s", new DriftLog(database).found(verdict.walk(), 20))
                .isZero();
        assertThat(verdict.failed()).isZero();
        assertThat(verdict.listsExact()).isEqualTo(verdict.lists());
    }

    @Test
    void whatWasDeletedWithoutAWordIsFoundByListAndConfirmedOneByOne() {
        backfill(4);
        Map<Mirrored, Long> before = alive();
        workOs.deleteUser(people.get(5));
        workOs.removeMember(members.get(6));
        workOs.groups().remove(admins, members.getFirst());
        directory.leave(listed.get(0), engineers);
        directory.removeUser(listed.get(1));
        workOs.roles().delete(new RoleSlug("editor"));
        workOs.roles().delete(acme, new RoleSlug("org-pilot"));
        clock.advance(Duration.ofMinutes(10));

        Verdict found = reconcile(Mode.DRY_RUN);
        assertThat(found.extra())
                .as("%s", new DriftLog(database).found(found.walk(), 50))
                .isPositive();
        assertThat(alive()).isEqualTo(before);

        Verdict verdict = reconcile(Mode.REPAIR);
        assertThat(verdict.isSound())
                .as("%s", new DriftLog(database).found(verdict.walk(), 50))
                .isTrue();
        Map<Mirrored, Long> after = alive();
        assertThat(after)
                .containsEntry(Mirrored.USERS, 129L)
                .containsEntry(Mirrored.MEMBERSHIPS, 128L)
                .containsEntry(Mirrored.GROUP_MEMBERS, 0L)
                .containsEntry(Mirrored.DIRECTORY_USERS, 11L)
                .containsEntry(Mirrored.DIRECTORY_GROUP_MEMBERS, 10L)
                .containsEntry(Mirrored.ORGANIZATION_ROLES, 0L)
                .containsEntry(Mirrored.ROLES, before.get(Mirrored.ROLES) - 1);
        Verdict again = reconcile(Mode.DRY_RUN);
        assertThat(again.drift()).isZero();
        assertThat(again.listsExact()).isEqualTo(again.lists());
    }

    @Test
    void aDirectoryThatWentTakesItsPeopleGroupsAndPairsAlong() {
        backfill(4);
        directory.delete();
        clock.advance(Duration.ofMinutes(10));

        assertThat(reconcile(Mode.REPAIR).isSound()).isTrue();

        assertThat(alive())
                .containsEntry(Mirrored.DIRECTORIES, 0L)
                .containsEntry(Mirrored.DIRECTORY_GROUPS, 0L)
                .containsEntry(Mirrored.DIRECTORY_USERS, 0L)
                .containsEntry(Mirrored.DIRECTORY_GROUP_MEMBERS, 0L)
                .containsEntry(Mirrored.USERS, 130L);
    }

    @Test
    void aPersonComesWithTheirMembershipsAndOrganizationsAtOnce() {
        PersonSync.Synced synced = person().run(people.get(7)).orElseThrow();

        assertThat(synced).isEqualTo(new PersonSync.Synced(1, 1, 0));
        assertThat(mirror.value("SELECT count(*) FROM workos.organization_memberships_live", Long.class))
                .isEqualTo(1);
        assertThat(person().run(new UserId("user_01NOBODY"))).isEmpty();
    }

    @Test
    void whatWasLostOfAPersonIsMadeAgainAndWhatEndedUnnoticedEnds() {
        UserId ada = people.get(7);
        person().run(ada);
        mirror.run("UPDATE app.profiles SET bio = 'mine' WHERE workos_user_id = '" + ada + "'");
        person().run(ada);
        assertThat(mirror.value("SELECT bio FROM app.profiles", String.class)).isEqualTo("mine");

        mirror.run("DELETE FROM app.profiles");
        mirror.run("DELETE FROM workos.users WHERE id = '" + ada + "'");
        workOs.removeMember(members.get(7));
        clock.advance(Duration.ofMinutes(1));
        assertThat(person().run(ada)).contains(new PersonSync.Synced(0, 0, 1));
        assertThat(mirror.value("SELECT count(*) FROM app.users WHERE is_active AND id IS NOT NULL", Long.class))
                .isEqualTo(1);
        assertThat(mirror.value("SELECT count(*) FROM app.profiles", Long.class))
                .isEqualTo(1);
        assertThat(mirror.value(
                        "SELECT deleted_by FROM workos.organization_memberships WHERE user_id = '" + ada + "'",
                        String.class))
                .isEqualTo("snapshot");
    }

    @Test
    void aPersonWhomWorkOsDoesNotKnowIsAskedForOnceMoreAndGetsNoRows() {
        UserId ada = people.get(7);
        person().run(ada);
        mirror.run("DELETE FROM app.profiles");
        mirror.run("DELETE FROM app.accounts");
        workOs.deleteUser(ada);
        assertThat(person().run(ada)).isEmpty();
        assertThat(mirror.value("SELECT reason FROM lockstep.refetch WHERE key = '[\"" + ada + "\"]'", String.class))
                .isEqualTo("gone");
        assertThat(mirror.value("SELECT count(*) FROM app.accounts", Long.class))
                .isZero();
    }

    private PersonSync person() {
        return new PersonSync(client, database, new Snapshots(database, () -> {}));
    }

    @Test
    void aRateLimitIsWaitedOutAndTheWalkEndsComplete() {
        workOs.faults().failNext("/directory_users", 429, 2, Duration.ZERO);
        workOs.faults().failNext("/user_management/users", 429, 1, Duration.ZERO);

        assertThat(backfill(2).isComplete()).isTrue();
        assertThat(alive()).containsEntry(Mirrored.DIRECTORY_USERS, 12L).containsEntry(Mirrored.USERS, 130L);
    }
}
