package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.at;
import static dev.lockstep.sync.Wire.decoded;
import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.session;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.projection.Projector.Effect;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.work.MergeTally.Outcome;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

class MergeCasesTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Projector projector = new Projector();
    private final Snapshots snapshots = new Snapshots(database, () -> {});

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void aLateCreateDoesNotReviveADeletedUser() {
        apply(event("e3", "user.deleted", user("u", "Ada", 2), 3));
        apply(event("e1", "user.created", user("u", "Ada", 1), 1));
        apply(event("e2", "user.updated", user("u", "Ada", 2), 2));

        assertThat(isDeleted("users", "u")).isTrue();
        assertThat(mirror.value("SELECT count(*) FROM workos.users_live", Long.class))
                .isZero();
    }

    @Test
    void aNewerUpdateDoesNotReviveADeletedUser() {
        apply(event("e1", "user.deleted", user("u", "Ada", 1), 1));
        apply(event("e9", "user.updated", user("u", "Ada", 9), 9));

        assertThat(isDeleted("users", "u")).isTrue();
    }

    @Test
    void aNewerSnapshotDoesNotReviveADeletedUser() {
        apply(event("e1", "user.deleted", user("u", "Ada", 1), 1));
        see("Ada", 9, 10);

        assertThat(isDeleted("users", "u")).isTrue();
    }

    @Test
    void anUpdateBeforeTheCreateIsKeptAndTheLateCreateChangesNothing() {
        apply(event("e2", "user.updated", user("u", "Grace", 2), 2));
        apply(event("e1", "user.created", user("u", "Ada", 1), 1));

        assertThat(firstName()).isEqualTo("Grace");
    }

    @Test
    void twoEventsOfOneMomentHaveTheSameWinnerInBothOrders() {
        apply(event("e1", "user.updated", user("u", "one", 5), 5));
        apply(event("e2", "user.updated", user("u", "two", 5), 5));
        String oneThenTwo = mirror.digest();
        mirror.clear();
        apply(event("e2", "user.updated", user("u", "two", 5), 5));
        apply(event("e1", "user.updated", user("u", "one", 5), 5));

        assertThat(mirror.digest()).isEqualTo(oneThenTwo);
        assertThat(firstName()).isEqualTo("two");
    }

    @Test
    void twoSnapshotsOfOneMomentHaveTheSameWinnerInBothOrders() {
        see("one", 5, 6);
        see("two", 5, 6);
        String oneThenTwo = mirror.digest();
        mirror.clear();
        see("two", 5, 6);
        see("one", 5, 6);

        assertThat(mirror.digest()).isEqualTo(oneThenTwo);
    }

    /** What follows is joined without weighing; what was put aside must come through it. */
    @Test
    void eventAfterEventKeepsTheSnapshotThatWasPutAside() {
        apply(event("e1", "user.created", user("u", "one", 1), 1));
        see("two", 2, 3);
        for (int i = 4; i < 8; i++) {
            apply(event("e" + i, "user.updated", user("u", "event " + i, i), i));
            assertThat(firstName()).isEqualTo("event " + i);
            assertThat(mirror.value(
                            "SELECT shadow ->> 'first_name' || ' ' || jsonb_exists(shadow, 'shadow') || ' '"
                                    + " || (snapshot_at > snapshot_updated_at) FROM workos.users",
                            String.class))
                    .isEqualTo("two false true");
        }
        see("late", 6, 9);
        assertThat(firstName()).isEqualTo("event 7");
        see("newest", 8, 9);
        assertThat(firstName()).isEqualTo("newest");
        apply(event("e9", "user.updated", user("u", "between", 7), 9));
        assertThat(firstName()).isEqualTo("newest");
        apply(event("e10", "user.deleted", user("u", "gone", 8), 10));
        assertThat(isDeleted("users", "u")).isTrue();
    }

    @Test
    void aStaleSnapshotDoesNotOverwriteANewerEvent() {
        apply(event("e2", "user.updated", user("u", "Grace", 20), 21));
        see("Ada", 10, 30);

        assertThat(firstName()).isEqualTo("Grace");
    }

    @Test
    void aSnapshotWithALaterChangeWinsUntilTheEventOfThatChangeArrives() {
        apply(event("e1", "user.created", user("u", "Ada", 10), 11));
        see("Grace", 20, 19);
        assertThat(firstName()).isEqualTo("Grace");
        assertThat(source()).isEqualTo("snapshot");

        apply(event("e2", "user.updated", user("u", "Grace", 20), 21));
        assertThat(firstName()).isEqualTo("Grace");
        assertThat(source()).isEqualTo("webhook");
    }

    @Test
    void aSnapshotThatWasHiddenShowsAgainWhenANewerEventCarriesAnOlderState() {
        apply(event("e1", "user.updated", user("u", "ahead", 50), 50));
        see("seen", 45, 46);
        assertThat(firstName()).isEqualTo("ahead");

        apply(event("e2", "user.updated", user("u", "behind", 40), 51));

        assertThat(firstName()).isEqualTo("seen");
        assertThat(mirror.value("SELECT shadow IS NULL FROM workos.users", Boolean.class))
                .isTrue();
    }

    @Test
    void aTimeOfChangeFarInTheFutureDoesNotMaskLaterChanges() {
        long hour = 3_600_000;
        apply(event("e1", "user.updated", user("u", "from the future", hour), 1));
        see("true", 5, 6);
        assertThat(firstName()).isEqualTo("true");

        apply(event("e2", "user.updated", user("u", "truer", 7), 7));
        assertThat(firstName()).isEqualTo("truer");
    }

    @Test
    void whatTheMergeMadeOfEachEventIsCountedByKindAndOutcome() {
        Projector projector = new Projector();
        apply(projector, event("e1", "user.created", user("u", "Ada", 10), 10));
        apply(projector, event("e1", "user.created", user("u", "Ada", 10), 10));
        apply(projector, event("e0", "user.updated", user("u", "older", 5), 5));
        apply(projector, event("e2", "user.updated", user("u", "tied", 10), 10));
        apply(
                projector,
                event("e3", "user.updated", user("u", "Augusta", 20), 20),
                event("e4", "user.updated", user("u", "Gusta", 30), 30));
        apply(projector, event("e5", "user.deleted", user("u", "Gusta", 30), 40));
        apply(projector, event("e6", "organization.created", organization("o", "Acme", 1), 1));

        assertThat(counts(projector, "users"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Outcome.APPLIED,
                        3L,
                        Outcome.TOMBSTONED,
                        1L,
                        Outcome.STALE,
                        2L,
                        Outcome.JOINED,
                        1L,
                        Outcome.TIE,
                        1L));
        assertThat(counts(projector, "organizations").get(Outcome.APPLIED)).isEqualTo(1);
        assertThat(counts(projector, "organizations").get(Outcome.STALE)).isZero();
    }

    private void apply(Projector projector, byte[]... events) {
        database.write(tx -> projector.apply(
                tx,
                Arrays.stream(events)
                        .map(event -> new Incoming(decoded(event), Writer.WEBHOOK))
                        .toList()));
    }

    private static Map<Outcome, Long> counts(Projector projector, String kind) {
        return Arrays.stream(Outcome.values())
                .collect(Collectors.toMap(
                        outcome -> outcome, outcome -> projector.tally().of(kind, outcome)));
    }

    @Test
    void applyingTheSameEventAgainChangesNothing() {
        byte[] created = event("e1", "user.created", user("u", "Ada", 1), 1);
        apply(created);
        String before = mirror.digest();
        long changes = mirror.value("SELECT count(*) FROM lockstep.change", Long.class);

        apply(created, created);

        assertThat(mirror.digest()).isEqualTo(before);
        assertThat(mirror.value("SELECT count(*) FROM lockstep.change", Long.class))
                .isEqualTo(changes);
    }

    @Test
    void swappedEMailAddressesAreBothApplied() {
        apply(
                event("e1", "user.created", user("u", "Ada", 1).put("email", "a@x.test"), 1),
                event("e2", "user.created", user("v", "Ben", 1).put("email", "b@x.test"), 2));
        apply(event("e3", "user.updated", user("u", "Ada", 3).put("email", "b@x.test"), 3));
        apply(event("e4", "user.updated", user("v", "Ben", 4).put("email", "a@x.test"), 4));

        assertThat(mirror.value(
                        "SELECT string_agg(id || '=' || email, ' ' ORDER BY id) FROM workos.users", String.class))
                .isEqualTo("u=b@x.test v=a@x.test");
    }

    @Test
    void aMembershipBeforeItsParentsTakesEffectOnceTheyAreThere() {
        apply(event("e1", "organization_membership.created", member("m", "admin", 1), 1));
        assertThat(liveMemberships()).isZero();
        apply(event("e2", "user.created", user("u", "Ada", 1), 2));
        assertThat(liveMemberships()).isZero();
        apply(event("e3", "organization.created", organization("o", "Acme", 1), 3));
        assertThat(liveMemberships()).isOne();
    }

    @Test
    void aReturningMemberSurvivesTheLateDeletionOfTheOldMembership() {
        apply(event("e3", "organization_membership.created", member("m2", "admin", 3), 3));
        apply(event("e2", "organization_membership.deleted", member("m1", "member", 1), 2));
        apply(event("e1", "organization_membership.created", member("m1", "member", 1), 1));

        assertThat(isDeleted("organization_memberships", "m1")).isTrue();
        assertThat(isDeleted("organization_memberships", "m2")).isFalse();
    }

    @Test
    void aMembershipThatArrivesAfterItsUserWasDeletedIsGoneFromTheStart() {
        apply(event("e9", "user.deleted", user("u", "Ada", 1), 9));
        apply(event("e1", "organization_membership.created", member("m", "admin", 1), 1));
        apply(event("e2", "session.created", session("s", "u", "active", 2), 2));

        assertThat(mirror.row("workos.organization_memberships", "m")
                        .orElseThrow()
                        .deletedBy())
                .isEqualTo("e9");
        assertThat(mirror.row("workos.sessions", "s").orElseThrow().deletedBy()).isEqualTo("e9");
    }

    @Test
    void anUnknownKindOfEventIsIgnoredAndHarmsNoOther() {
        List<Effect> effects = apply(
                event("e1", "vault.thing.happened", user("x", "?", 1), 1),
                event("e2", "user.created", user("u", "Ada", 1), 2));

        assertThat(effects).containsExactly(Effect.IGNORED, Effect.APPLIED);
        assertThat(firstName()).isEqualTo("Ada");
    }

    private List<Effect> apply(byte[]... events) {
        return database.write(tx -> projector.apply(
                tx,
                List.of(events).stream()
                        .map(body -> new Incoming(decoded(body), Writer.WEBHOOK))
                        .toList()));
    }

    private void see(String firstName, long updatedAt, long fetchedAt) {
        snapshots.apply(Fetched.user(WorkOsUser.from(user("u", firstName, updatedAt))), at(fetchedAt), Writer.SNAPSHOT);
    }

    private static ObjectNode member(String id, String role, long updatedAt) {
        return membership(id, "u", "o", role, "active", updatedAt);
    }

    private String firstName() {
        return mirror.value("SELECT first_name FROM workos.users WHERE id = 'u'", String.class);
    }

    private String source() {
        return mirror.row("workos.users", "u").orElseThrow().source();
    }

    private long liveMemberships() {
        return mirror.value("SELECT count(*) FROM workos.organization_memberships_live", Long.class);
    }

    private boolean isDeleted(String table, String id) {
        return mirror.row("workos." + table, id).orElseThrow().deleted();
    }
}
