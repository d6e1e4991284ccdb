package dev.lockstep.sync.outbox;

import static dev.lockstep.sync.Wire.at;
import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.session;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Effects;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Replay;
import dev.lockstep.sync.inbox.Selection;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.sync.work.Backoff;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class OutboxTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final OutboxDelivery.Settings SETTINGS = new OutboxDelivery.Settings(
            2, Duration.ofMinutes(10), new Backoff(3, Duration.ofMinutes(1), Duration.ofHours(1)));

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final Ear ear = new Ear("ear", Set.of("*"));
    private final OutboxDelivery delivery = delivery(ear);
    private final ParkedTellings parked = new ParkedTellings(database);

    private OutboxDelivery delivery(DomainListener... listeners) {
        return new OutboxDelivery(database, List.of(listeners), SETTINGS, new Random(1));
    }

    @BeforeEach
    void emptyTables() {
        mirror.clear();
        mirror.run("DROP TABLE IF EXISTS app.heard");
        // No key: a second effect of one change would stand here twice.
        mirror.run("CREATE TABLE app.heard (listener text NOT NULL, key text NOT NULL)");
        delivery.announce();
    }

    private void receive(byte[] body) {
        inbox.receive(body, Source.WEBHOOK);
    }

    private void happened() {
        drain.drainOnce();
        delivery.deliverOnce();
    }

    @Test
    void aChangeIsToldOnceWhicheverMouthBringsItAndHoweverOften() {
        byte[] created = event("e1", "user.created", user("u", "Ada", 1), 1);
        receive(created);
        inbox.receive(created, Source.TAIL);
        happened();
        receive(created);
        happened();

        assertThat(ear.heard).singleElement().isInstanceOfSatisfying(DomainEvent.UserCreated.class, event -> {
            assertThat(event.user().firstName()).isEqualTo("Ada");
            assertThat(event.occurrence().key()).isEqualTo("user.created/u");
            assertThat(event.occurrence().cause()).isEqualTo(new EventId("e1"));
            assertThat(event.occurrence().at()).isEqualTo(at(1));
            assertThat(event.occurrence().previous()).isEmpty();
        });
        assertThat(effects()).containsExactly("ear user.created/u");
    }

    @Test
    void theLifeOfAUserIsToldInItsOrderWhateverTheOrderOfArrival() {
        receive(event("e2", "user.updated", user("u", "Ada L.", 2), 2));
        happened();
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();
        receive(event("e3", "user.deleted", user("u", "Ada L.", 2), 3));
        receive(event("e4", "user.updated", user("u", "ghost", 4), 4));
        happened();

        assertThat(ear.types("u")).containsExactly("user.created", "user.deleted");
    }

    @Test
    void anUpdateTellsWhatWasThereBefore() {
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();
        receive(event("e2", "user.updated", user("u", "Ada L.", 2), 2));
        receive(event("e3", "user.updated", user("u", "Ada L.", 2), 3));
        happened();

        assertThat(ear.types("u")).containsExactly("user.created", "user.updated");
        DomainEvent.UserUpdated updated = (DomainEvent.UserUpdated) ear.heard.getLast();
        assertThat(updated.occurrence()
                        .previous()
                        .orElseThrow()
                        .get("first_name")
                        .asString())
                .isEqualTo("Ada");
        assertThat(updated.user().firstName()).isEqualTo("Ada L.");
    }

    @Test
    void whoWasDeletedBeforeTheyWereHeardOfIsNeverMentioned() {
        receive(event("e2", "user.deleted", user("u", "Ada", 1), 2));
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();

        assertThat(ear.heard).isEmpty();
    }

    @Test
    void belongingBeginsWithAnActiveMembershipAndEndsWithIt() {
        receive(event("e1", "organization_membership.created", membership("m", "u", "o", "member", "pending", 1), 1));
        happened();
        receive(event("e2", "organization_membership.updated", membership("m", "u", "o", "member", "active", 2), 2));
        happened();
        receive(event("e3", "organization_membership.updated", membership("m", "u", "o", "admin", "active", 3), 3));
        happened();
        receive(event("e4", "organization_membership.updated", membership("m", "u", "o", "admin", "inactive", 4), 4));
        happened();
        receive(event("e5", "organization_membership.updated", membership("m", "u", "o", "admin", "active", 5), 5));
        happened();

        assertThat(ear.types("m").stream().filter(type -> type.startsWith("user.")))
                .containsExactly("user.joined_organization", "user.left_organization", "user.joined_organization");
        assertThat(ear.types("m").stream().filter(type -> type.startsWith("organization_membership.")))
                .hasSize(5)
                .first()
                .isEqualTo("organization_membership.created");
        assertThat(ear.heard.stream().filter(DomainEvent.UserJoinedOrganization.class::isInstance))
                .hasSize(2);
    }

    @Test
    void whatGoesWithItsParentIsToldWithThatCause() {
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        receive(event("e2", "organization.created", organization("o", "Acme", 1), 2));
        receive(event("e3", "organization_membership.created", membership("m", "u", "o", "member", "active", 1), 3));
        receive(event("e4", "session.created", session("s", "u", "active", 1), 4));
        happened();
        ear.heard.clear();
        receive(event("e5", "user.deleted", user("u", "Ada", 1), 5));
        happened();

        assertThat(ear.heard.stream().map(event -> event.occurrence().type()))
                .containsExactlyInAnyOrder(
                        "user.deleted", "organization_membership.deleted", "user.left_organization", "session.revoked");
        assertThat(ear.heard)
                .allMatch(event -> new EventId("e5").equals(event.occurrence().cause()));
    }

    @Test
    void whatHasNoTableIsToldByItsName() {
        receive(event(
                "e1",
                "crystal.ball.created",
                JsonNodeFactory.instance.objectNode().put("name", "key"),
                1));
        happened();

        assertThat(ear.heard).singleElement().isInstanceOf(DomainEvent.OtherChange.class);
        assertThat(ear.heard.getFirst().occurrence().current().get("name").asString())
                .isEqualTo("key");
    }

    @Test
    void whatOnlyALogKeepsIsToldOnceByItsName() {
        receive(event(
                "e1",
                "authentication.password_failed",
                JsonNodeFactory.instance.objectNode().put("type", "password"),
                1));
        happened();
        new Replay(database).start(Replay.Which.FINISHED, Selection.all(), Effects.TOLD);
        happened();

        assertThat(ear.heard.stream().map(event -> event.occurrence().key()))
                .containsExactly("authentication.password_failed/e1");
    }

    @Test
    void aChildOfAParentThatIsGoneWasNeverThere() {
        receive(event("e5", "user.deleted", user("u", "Ada", 1), 5));
        happened();
        receive(event("e3", "organization_membership.created", membership("m", "u", "o", "member", "active", 1), 3));
        happened();

        assertThat(ear.heard).isEmpty();
    }

    @Test
    void aDirectoryTakesItsPeopleAlongAndSaysSo() {
        ObjectNode directory = JsonNodeFactory.instance
                .objectNode()
                .put("id", "d")
                .put("organization_id", "o")
                .put("created_at", at(0).toString())
                .put("updated_at", at(1).toString());
        ObjectNode person =
                directory.deepCopy().put("id", "p").put("directory_id", "d").put("state", "active");
        ObjectNode group =
                directory.deepCopy().put("id", "g").put("directory_id", "d").put("name", "Staff");
        ObjectNode pair = JsonNodeFactory.instance.objectNode().put("directory_id", "d");
        pair.set("user", person);
        pair.set("group", group);
        receive(event("e1", "dsync.activated", directory, 1));
        receive(event("e2", "dsync.user.created", person, 2));
        receive(event("e3", "dsync.group.created", group, 3));
        receive(event("e4", "dsync.group.user_added", pair, 4));
        happened();
        receive(event("e5", "dsync.group.user_removed", pair, 5));
        happened();
        receive(event("e6", "dsync.group.user_added", pair, 6));
        happened();
        assertThat(ear.types("g/p"))
                .containsExactly("dsync.group.user_added", "dsync.group.user_removed", "dsync.group.user_added");
        ear.heard.clear();
        receive(event("e7", "dsync.deleted", directory, 7));
        happened();

        assertThat(ear.heard.stream().map(event -> event.occurrence().type()))
                .containsExactlyInAnyOrder(
                        "dsync.deleted", "dsync.user.deleted", "dsync.group.deleted", "dsync.group.user_removed");
        assertThat(ear.heard).hasAtLeastOneElementOfType(DomainEvent.DirectoryRemoved.class);
        assertThat(ear.heard)
                .allMatch(event -> new EventId("e7").equals(event.occurrence().cause()));
    }

    @Test
    void aChangeIsToldByTheNameThatWorkOsGivesIt() {
        ObjectNode connection = JsonNodeFactory.instance
                .objectNode()
                .put("id", "c")
                .put("state", "inactive")
                .put("updated_at", at(1).toString());
        receive(event("e1", "connection.deactivated", connection, 1));
        happened();
        receive(event("e2", "connection.activated", connection.deepCopy().put("state", "active"), 2));
        happened();

        assertThat(ear.types("c")).containsExactly("connection.deactivated", "connection.activated");
    }

    @Test
    void snapshotsTellNobodyAndTheEventOfAYoungObjectStillDoes() {
        Snapshots snapshots = new Snapshots(database, Doorbell.silent());
        snapshots.apply(Snapshots.Fetched.user(WorkOsUser.from(user("u", "Ada", 1))), at(5), Writer.LOGIN);
        happened();
        assertThat(ear.heard).isEmpty();

        receive(event("e2", "user.updated", user("u", "Ada L.", 7), 7));
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();

        assertThat(ear.types("u")).containsExactly("user.created");
    }

    @Test
    void anOldObjectThatASnapshotBroughtIsNotToldAsNew() {
        new Snapshots(database, Doorbell.silent())
                .apply(Snapshots.Fetched.user(WorkOsUser.from(user("u", "Ada", 1))), at(5), Writer.SNAPSHOT);
        long month = Duration.ofDays(30).toMillis();
        receive(event("e9", "user.updated", user("u", "Ada L.", month), month));
        happened();

        assertThat(ear.types("u")).containsExactly("user.updated");
    }

    @Test
    void aReplayMendsTheMirrorAndTellsNobodyUnlessAsked() {
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        receive(event("e2", "user.created", user("v", "Ben", 1), 2));
        happened();
        ear.heard.clear();
        mirror.run("TRUNCATE workos.users");
        Replay replay = new Replay(database);

        assertThat(replay.extent(Replay.Which.DONE, Selection.all())).isEqualTo(new Replay.Extent(2, 0));
        assertThat(replay.start(Replay.Which.DONE, Selection.all(), Effects.SILENT))
                .isEqualTo(2);
        happened();

        assertThat(mirror.rows("workos.users")).hasSize(2);
        assertThat(ear.heard).isEmpty();

        assertThat(replay.start(Replay.Which.FINISHED, Selection.all(), Effects.TOLD))
                .isEqualTo(2);
        happened();
        assertThat(ear.heard).as("nothing changed, so there is nothing to tell").isEmpty();
    }

    @Test
    void whoListensToLittleIsToldLittle() {
        Ear joins = new Ear("joins", Set.of("user.joined_organization"));
        Ear organizations = new Ear("organizations", Set.of("organization.*"));
        OutboxDelivery both = delivery(joins, organizations);
        both.announce();
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        receive(event("e2", "organization.created", organization("o", "Acme", 1), 2));
        receive(event("e3", "organization_membership.created", membership("m", "u", "o", "member", "active", 1), 3));
        drain.drainOnce();
        both.deliverOnce();

        assertThat(joins.heard).singleElement().isInstanceOf(DomainEvent.UserJoinedOrganization.class);
        assertThat(organizations.heard).singleElement().isInstanceOf(DomainEvent.OrganizationCreated.class);
        assertThat(ear.heard).as("another node's listener waits for its node").isEmpty();
    }

    private List<String> effects() {
        return database.read(tx -> tx.sql("SELECT listener || ' ' || key FROM app.heard ORDER BY 1")
                .query(String.class)
                .list());
    }

    private long recorded() {
        return mirror.value("SELECT count(*) FROM lockstep.outbox", Long.class);
    }

    private long waiting() {
        return mirror.value("SELECT count(*) FROM lockstep.outbox WHERE state IN ('new', 'retry')", Long.class);
    }
}
