package dev.lockstep.sync.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.FakeEventSource;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.backfill.SimulatedLists;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.tail.EventsTail;
import dev.lockstep.sync.tail.TailSettings;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.object.ObjectKind;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReconcileScheduleTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(5);
    private final SimulatedLists lists = new SimulatedLists(workOs, 50);
    private final DriftLog log = new DriftLog(database);

    private ReconcileSchedule schedule(Mode mode) {
        Reconcile reconcile = new Reconcile(
                database, lists, new Freshness(database, "test"), new Reconcile.Settings(1, Duration.ZERO), () -> {});
        var settings = new ReconcileSchedule.Settings(Duration.ofHours(6), mode, Duration.ofMillis(5), Duration.ZERO);
        return new ReconcileSchedule(database, reconcile, settings, "test", UUID.randomUUID());
    }

    @Test
    void itComparesWhenTheLastVerdictIsOldEnoughAndNotBefore() {
        workOs.live(50);
        try (ReconcileSchedule schedule = schedule(Mode.DRY_RUN)) {
            assertThat(schedule.runIfDue(false))
                    .as("never compared, and not settled")
                    .isEmpty();
            assertThat(schedule.runIfDue(true)).isPresent();
            assertThat(schedule.runIfDue(true)).as("just compared").isEmpty();
            mirror.run("UPDATE lockstep.reconcile_verdict SET finished_at = finished_at - interval '7 hours'");
            assertThat(schedule.runIfDue(false)).isPresent();
        }
    }

    @Test
    void oneNodeComparesAtATime() {
        mirror.run("INSERT INTO lockstep.lease (name, holder, token, expires_at) VALUES ('reconcile:test',"
                + " gen_random_uuid(), 3, clock_timestamp() + interval '1 minute')");
        try (ReconcileSchedule schedule = schedule(Mode.DRY_RUN)) {
            assertThat(schedule.runIfDue(true)).isEmpty();
        }
    }

    @Test
    void whatSomebodyAskedForIsDoneAtOnceAndRepairsUntilItFailsNowhere() {
        workOs.live(80);
        database.write(tx -> {
            DriftLog.ask(tx, "the tail lost its place");
            return tx;
        });
        try (ReconcileSchedule schedule = schedule(Mode.DRY_RUN)) {
            lists.silent.add(Mirrored.USERS);
            assertThat(schedule.runIfDue(false).orElseThrow().failed()).isEqualTo(1);
            assertThat(log.wanted()).contains("the tail lost its place");

            lists.silent.clear();
            Verdict verdict = schedule.runIfDue(false).orElseThrow();
            assertThat(verdict.repairs()).isTrue();
            assertThat(verdict.isSound()).isTrue();
            assertThat(log.wanted()).isEmpty();
        }
        assertThat(mirror.value("SELECT count(*) FROM workos.users WHERE deleted_at IS NULL", Integer.class))
                .isEqualTo(workOs.alive(ObjectKind.USER).size());
    }

    @Test
    void aTailThatLostItsPlaceAsksInTheTransactionThatLetsItBeginAgain() {
        workOs.live(40);
        FakeEventSource source = new FakeEventSource(10);
        source.addAll(workOs.journal().subList(0, 20));
        SettableClock clock = SettableClock.at(Wire.T0);
        Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
        TailSettings settings = TailSettings.defaults("test");
        try (EventsTail tail =
                new EventsTail(database, inbox, source, settings, UUID.randomUUID(), clock, (tx, from) -> {
                    DriftLog.ask(tx, "the tail lost its place");
                })) {
            tail.pollOnce();
            assertThat(log.wanted()).isEmpty();

            clock.advance(settings.retention().plusDays(1));
            tail.pollOnce();
        }
        assertThat(log.wanted()).contains("the tail lost its place");
    }

    @Test
    void aLossThatCannotBeRecordedLeavesTheCursorWhereItWas() {
        workOs.live(40);
        FakeEventSource source = new FakeEventSource(10);
        source.addAll(workOs.journal().subList(0, 20));
        SettableClock clock = SettableClock.at(Wire.T0);
        Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
        TailSettings settings = TailSettings.defaults("test");
        try (EventsTail tail =
                new EventsTail(database, inbox, source, settings, UUID.randomUUID(), clock, (tx, from) -> {
                    throw new IllegalStateException("cut off");
                })) {
            tail.pollOnce();
            String before = mirror.value("SELECT event_id FROM lockstep.cursor", String.class);
            clock.advance(settings.retention().plusDays(1));

            assertThatThrownBy(tail::pollOnce).hasMessage("cut off");
            assertThat(mirror.value("SELECT event_id FROM lockstep.cursor", String.class))
                    .isEqualTo(before);
        }
    }

    @Test
    void theThreadComparesByItselfAndStopsBetweenTwoPages() throws InterruptedException {
        workOs.live(120);
        CountDownLatch reading = new CountDownLatch(1);
        lists.onTheWay = reading::countDown;
        try (ReconcileSchedule schedule = schedule(Mode.REPAIR)) {
            schedule.start();
            assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        }
        long pages = lists.asked().size();
        assertThat(pages).isPositive();
        try (ReconcileSchedule next = schedule(Mode.REPAIR)) {
            next.runIfDue(true);
        }
        assertThat(log.last()).isPresent();
    }
}
