package dev.lockstep.sync.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.Traffic;
import dev.lockstep.sync.backfill.SimulatedLists;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.reconcile.Drift.Category;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.ObjectKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(5);
    private final SimulatedLists lists = new SimulatedLists(workOs, 7);
    private final Traffic traffic = new Traffic(database, workOs, 5);
    private final DriftLog log = new DriftLog(database);

    @BeforeEach
    void theMirrorIsFilledByEventsAlone() {
        workOs.live(300);
        traffic.catchUp();
    }

    private Verdict reconcile(Mode mode) {
        return reconcile(mode, 1);
    }

    private Verdict reconcile(Mode mode, int lanes) {
        return new Reconcile(
                        database,
                        lists,
                        new Freshness(database, "test"),
                        new Reconcile.Settings(lanes, Duration.ZERO),
                        () -> {})
                .run(mode, totals -> {});
    }

    /** Every event up to now is in the mirror: so a poll of the tail would have it. */
    private void promiseEverything() {
        mirror.run("INSERT INTO lockstep.sync_mark (seq, through) VALUES (0, '"
                + workOs.now().plusSeconds(60) + "')");
    }

    private String aliveUser(int index) {
        return List.copyOf(workOs.alive(ObjectKind.USER).keySet()).get(index);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aMirrorThatIsRightIsFoundRightListByListWithoutASecondLook(int lanes) {
        Verdict verdict = reconcile(Mode.DRY_RUN, lanes);

        assertThat(verdict.drift()).isZero();
        assertThat(verdict.isSound()).isTrue();
        assertThat(verdict.lists()).isEqualTo(lists.lists());
        assertThat(verdict.listsExact()).isEqualTo(verdict.lists());
        assertThat(lists.found).isEmpty();
        assertThat(log.last()).contains(verdict);
    }

    @Test
    void everyKindOfDriftIsNamedByADryRunWhichChangesNothing() {
        spoil();
        promiseEverything();
        String before = mirror.digest();

        Verdict verdict = reconcile(Mode.DRY_RUN);

        assertSpoiled(verdict);
        assertThat(verdict.repaired()).isZero();
        assertThat(verdict.isSound()).isFalse();
        assertThat(mirror.digest()).isEqualTo(before);
        assertThat(log.found(verdict.walk(), 100))
                .contains(new Drift("users", aliveUser(2), Category.FIELD, List.of("email"), false));
    }

    @Test
    void aRepairMendsAllOfThemAndTheNextComparisonFindsNothing() {
        spoil();
        promiseEverything();

        Verdict verdict = reconcile(Mode.REPAIR);

        assertSpoiled(verdict);
        assertThat(verdict.repaired()).isEqualTo(verdict.drift());
        assertThat(verdict.isSound()).isTrue();
        traffic.assertListedKindsAreSame(mirror);
        Verdict again = reconcile(Mode.DRY_RUN);
        assertThat(again.drift()).isZero();
        assertThat(again.listsExact()).isEqualTo(again.lists());
    }

    @Test
    void aFieldWithoutAColumnThatDiffersIsDriftNamedByItsPathAndIsRepaired() {
        String person = aliveUser(2);
        workOs.setQuietly(ObjectKind.USER, person, Map.of("newcomer", Map.of("shade", "blue", "size", 1.0)));
        mirror.run(
                "UPDATE workos.users SET raw = raw || '{\"newcomer\": {\"size\": 1, \"shade\": \"green\"}}'::jsonb WHERE id = '"
                        + person + "'");
        promiseEverything();

        Verdict verdict = reconcile(Mode.DRY_RUN);

        assertThat(verdict.field()).isEqualTo(1);
        assertThat(verdict.listsExact()).isEqualTo(verdict.lists() - 1);
        assertThat(log.found(verdict.walk(), 100))
                .containsExactly(new Drift("users", person, Category.FIELD, List.of("raw.newcomer.shade"), false));
        assertThat(reconcile(Mode.REPAIR).repaired()).isEqualTo(1);
        Verdict again = reconcile(Mode.DRY_RUN);
        assertThat(again.drift()).isZero();
        assertThat(again.listsExact()).isEqualTo(again.lists());
    }

    @Test
    void theSameObjectWrittenAnotherWayIsNoDrift() {
        String person = aliveUser(2);
        workOs.setQuietly(ObjectKind.USER, person, Map.of("newcomer", Map.of("size", 1.0, "tags", List.of("a", "b"))));
        mirror.run("UPDATE workos.users SET raw = raw || '{\"unset\": null, \"newcomer\":"
                + " {\"tags\": [\"a\", \"b\"], \"size\": 1.000}}'::jsonb WHERE id = '" + person + "'");
        promiseEverything();

        Verdict verdict = reconcile(Mode.DRY_RUN);

        assertThat(verdict.drift()).isZero();
        assertThat(verdict.listsExact()).isEqualTo(verdict.lists());
    }

    @Test
    void whatAnEventLeftOutIsNoDriftAndComesWithARepair() {
        String person = aliveUser(2);
        workOs.setQuietly(ObjectKind.USER, person, Map.of("newcomer", "only in lists"));
        promiseEverything();

        Verdict verdict = reconcile(Mode.REPAIR);

        assertThat(verdict.drift()).isZero();
        assertThat(mirror.value(
                        "SELECT raw ->> 'newcomer' FROM workos.users WHERE id = '" + person + "'", String.class))
                .isEqualTo("only in lists");
    }

    private void spoil() {
        mirror.run("DELETE FROM workos.users WHERE id = '" + aliveUser(0) + "'");
        mirror.run("UPDATE workos.users SET deleted_at = '2026-01-01T00:00:00Z', deleted_by = 'nobody' WHERE id = '"
                + aliveUser(1) + "'");
        mirror.run("UPDATE workos.users SET email = 'wrong@acme.test' WHERE id = '" + aliveUser(2) + "'");
        mirror.run(
                "UPDATE workos.users SET first_name = 'old', updated_at = updated_at - interval '1 hour' WHERE id = '"
                        + aliveUser(3) + "'");
        mirror.run("UPDATE workos.users SET first_name = 'x', updated_at = updated_at - interval '1 hour',"
                + " event_updated_at = '2026-02-01T00:00:00Z', event_at = '2026-02-01T00:00:00Z' WHERE id = '"
                + aliveUser(4) + "'");
        mirror.run("INSERT INTO workos.organizations (id, name, raw, source, created_at) VALUES ('org_ghost', 'Ghost',"
                + " '{}', 'webhook', '2026-01-01T00:00:00Z')");
    }

    private static void assertSpoiled(Verdict verdict) {
        assertThat(verdict.missing()).as("missing").isEqualTo(2);
        assertThat(verdict.field()).as("field").isEqualTo(1);
        assertThat(verdict.stale()).as("stale").isEqualTo(2);
        assertThat(verdict.extra()).as("extra").isEqualTo(1);
    }

    @Test
    void aVersionThatWorkOsDoesNotShowAndNoMergeMendsIsWrittenAnew() {
        mirror.run("UPDATE workos.users SET first_name = 'future', updated_at = '2026-02-20T00:00:00Z',"
                + " event_updated_at = '2027-01-01T00:00:00Z', event_at = '2027-01-01T00:00:00Z' WHERE id = '"
                + aliveUser(0) + "'");
        promiseEverything();

        Verdict verdict = reconcile(Mode.REPAIR);

        assertThat(verdict.stale()).isEqualTo(1);
        assertThat(verdict.repaired()).isEqualTo(1);
        assertThat(lists.found).containsExactly(aliveUser(0));
        traffic.assertListedKindsAreSame(mirror);
    }

    @Test
    void whatTheTailHasNotPromisedYetIsPendingAndNoDrift() {
        promiseEverything();
        mirror.run("UPDATE lockstep.sync_mark SET through = '" + workOs.now() + "'");
        traffic.beginHere();
        workOs.live(40);

        Verdict verdict = reconcile(Mode.DRY_RUN);

        assertThat(verdict.missing() + verdict.stale() + verdict.field()).isZero();
        assertThat(verdict.extra()).isZero();
        assertThat(verdict.pending()).isPositive();
        assertThat(verdict.isSound()).isTrue();
    }

    @Test
    void whatChangesWhileAPageIsOnItsWayIsNoDrift() {
        promiseEverything();
        lists.onTheWay = () -> {
            traffic.goOn(2);
            traffic.catchUp();
        };

        Verdict verdict = reconcile(Mode.DRY_RUN);

        assertThat(verdict.drift()).isZero();
    }

    @Test
    void withEveryWebhookOfThreeDaysLostOneRepairAloneEndsAsWorkOsIs() {
        traffic.beginHere();
        workOs.live(600);

        Verdict verdict = reconcile(Mode.REPAIR, 3);

        traffic.assertListedKindsAreSame(mirror);
        assertThat(verdict.missing()).isPositive();
        assertThat(verdict.extra()).isPositive();
        assertThat(verdict.stale()).isPositive();
        assertThat(verdict.repaired()).isEqualTo(verdict.drift());
    }

    @Test
    void aRowThatAListForgotIsAskedForAndStays() {
        lists.hidden.add(aliveUser(0));

        Verdict verdict = reconcile(Mode.REPAIR);

        assertThat(lists.found).contains(aliveUser(0));
        assertThat(verdict.extra()).isZero();
        traffic.assertListedKindsAreSame(mirror);
    }

    @Test
    void aListWithoutAnAnswerIsSaidAndMakesNoVerdictOnItsRows() {
        lists.silent.add(Mirrored.ORGANIZATIONS);

        Verdict verdict = reconcile(Mode.REPAIR);

        assertThat(verdict.failed()).isEqualTo(1);
        assertThat(verdict.extra()).isZero();
        assertThat(verdict.isSound()).isFalse();
        assertThat(mirror.value("SELECT count(*) FROM workos.organizations WHERE deleted_at IS NULL", Long.class))
                .isEqualTo(workOs.alive(ObjectKind.ORGANIZATION).size());
    }

    @Test
    void oneThatWasCutOffGoesOnBehindItsLastPage() {
        spoil();
        promiseEverything();
        AtomicInteger pages = new AtomicInteger();
        lists.onTheWay = () -> {
            if (pages.incrementAndGet() == 4) {
                throw new IllegalStateException("cut off");
            }
        };
        assertThatThrownBy(() -> reconcile(Mode.REPAIR)).hasMessage("cut off");
        lists.onTheWay = () -> {};

        Verdict verdict = reconcile(Mode.REPAIR);

        assertSpoiled(verdict);
        assertThat(verdict.repaired()).isEqualTo(verdict.drift());
        assertThat(lists.asked().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(lists.asked().size() + 1);
    }

    @Test
    void aDryRunDoesNotGoOnWithARepair() {
        lists.onTheWay = () -> {
            throw new IllegalStateException("cut off");
        };
        assertThatThrownBy(() -> reconcile(Mode.REPAIR)).hasMessage("cut off");
        lists.onTheWay = () -> {};
        mirror.run("DELETE FROM workos.users WHERE id = '" + aliveUser(0) + "'");

        assertThat(reconcile(Mode.DRY_RUN).missing()).isEqualTo(1);
        assertThat(mirror.row("workos.users", aliveUser(0))).isEmpty();
    }

    @Test
    void anInterruptStopsItBetweenTwoPages() {
        lists.onTheWay = () -> Thread.currentThread().interrupt();
        assertThatThrownBy(() -> reconcile(Mode.REPAIR))
                .isInstanceOf(SyncProblem.class)
                .hasMessageContaining("SYNC_WALK_STOPPED");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(log.last()).isEmpty();
    }
}
