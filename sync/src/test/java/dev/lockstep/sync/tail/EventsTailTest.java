package dev.lockstep.sync.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.FakeEventSource;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.freshness.Awaited;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.EventsApi.Start;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;

class EventsTailTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final TailSettings SETTINGS = new TailSettings(
            "test",
            Duration.ofMillis(20),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofDays(30));

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});
    private final SettableClock clock = SettableClock.at(Wire.T0);
    private final FakeEventSource source = new FakeEventSource(10);
    private final EventsTail tail = tail();
    private final Freshness freshness = new Freshness(database, "test");
    private final List<Emitted> history = history();

    private EventsTail tail() {
        return new EventsTail(database, inbox, source, SETTINGS, UUID.randomUUID(), clock);
    }

    private static List<Emitted> history() {
        SimulatedWorkOs workOs = new SimulatedWorkOs(3);
        workOs.live(100);
        return workOs.journal();
    }

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void theFirstReadBeginsTheOverlapBeforeNowAndEndsAtTheLastEvent() {
        source.addAll(history.subList(0, 25));

        assertThat(tail.pollOnce()).isEqualTo(new PollOutcome.CaughtUp(3, 25, 25));

        assertThat(source.asked.getFirst()).isEqualTo(new Start.From(Wire.T0.minus(SETTINGS.overlap())));
        assertThat(cursor()).isEqualTo(history.get(24).id().value());
    }

    @Test
    void closingEndsALongWalkAfterThePageInHandAndGivesTheLeaseUp() throws Exception {
        source.addAll(history);
        CountDownLatch reading = new CountDownLatch(1);
        AtomicReference<Thread> closer = new AtomicReference<>();
        source.beforeAnswer = () -> {
            if (closer.get() == null) {
                closer.set(Thread.ofPlatform().start(tail::close));
                while (closer.get().getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                reading.countDown();
            }
        };
        tail.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        closer.get().join();

        assertThat(source.asked).hasSize(1);
        assertThat(cursor()).isEqualTo(history.get(9).id().value());
        assertThat(tail().pollOnce()).isEqualTo(new PollOutcome.CaughtUp(10, history.size() - 10, history.size() - 10));
    }

    @Test
    void theCursorMovesOnlyByPagesWhateverTheWebhooksBring() {
        source.addAll(history.subList(0, 5));
        tail.pollOnce();
        inbox.receive(history.get(9).body(), Source.WEBHOOK);
        assertThat(cursor()).isEqualTo(history.get(4).id().value());

        source.addAll(history.subList(5, 10));

        assertThat(tail.pollOnce()).isEqualTo(new PollOutcome.CaughtUp(1, 5, 4));
        assertThat(cursor()).isEqualTo(history.get(9).id().value());
        assertThat(tail.pollOnce()).isEqualTo(new PollOutcome.CaughtUp(1, 0, 0));
        assertThat(cursor()).isEqualTo(history.get(9).id().value());
    }

    @Test
    void aSecondNodeStandsByUntilTheLeaseIsGivenUp() {
        source.addAll(history.subList(0, 5));
        EventsTail other = tail();
        tail.pollOnce();

        assertThat(other.pollOnce()).isEqualTo(new PollOutcome.Standby());

        tail.start();
        tail.close();
        assertThat(other.pollOnce()).isEqualTo(new PollOutcome.CaughtUp(1, 0, 0));
    }

    @Test
    void aHolderWhoseLeaseWasTakenInTheMiddleOfAPageStoresNothing() {
        source.addAll(history.subList(0, 5));
        tail.pollOnce();
        source.addAll(history.subList(5, 10));
        EventsTail other = tail();
        AtomicReference<PollOutcome> taken = new AtomicReference<>();
        source.beforeAnswer = () -> {
            source.beforeAnswer = () -> {};
            mirror.run("UPDATE lockstep.lease SET expires_at = now() - interval '1 s'");
            taken.set(other.pollOnce());
        };

        assertThat(tail.pollOnce()).isEqualTo(new PollOutcome.Fenced());

        assertThat(taken.get()).isEqualTo(new PollOutcome.CaughtUp(1, 5, 5));
        assertThat(cursor()).isEqualTo(history.get(9).id().value());
        assertThat(mirror.value("SELECT token FROM lockstep.lease", Long.class)).isEqualTo(2);
        assertThat(tail.pollOnce()).isEqualTo(new PollOutcome.Standby());
    }

    @Test
    void aCrashBetweenPagesLosesNothingAndTheNextPollGoesOnThere() {
        source.addAll(history.subList(0, 30));
        source.beforeAnswer = () -> {
            if (source.asked.size() == 3) {
                source.beforeAnswer = () -> {};
                throw new WorkOsException(new WorkOsProblem.Unreachable("reset", 3));
            }
        };

        assertThatThrownBy(tail::pollOnce).isInstanceOf(WorkOsException.class);
        assertThat(cursor()).isEqualTo(history.get(19).id().value());
        assertThat(stored()).isEqualTo(20);

        tail.pollOnce();
        assertThat(stored()).isEqualTo(30);
    }

    @Test
    void aRefusedCursorIsGivenUpForTheTimeBeforeIt() {
        source.addAll(history.subList(0, 10));
        tail.pollOnce();
        source.forget(10);
        source.addAll(history.subList(10, 15));

        assertThat(tail.pollOnce()).isInstanceOf(PollOutcome.CaughtUp.class);

        assertThat(source.asked.getLast()).isInstanceOf(Start.From.class);
        assertThat(stored()).isEqualTo(15);
        assertThat(cursor()).isEqualTo(history.get(14).id().value());
    }

    @Test
    void aCursorOlderThanTheRetentionIsNotAskedForAgain() {
        source.addAll(history.subList(0, 10));
        tail.pollOnce();
        clock.advance(Duration.ofDays(31));
        source.asked.clear();

        tail.pollOnce();

        assertThat(source.asked.getFirst())
                .isEqualTo(new Start.From(clock.instant().minus(SETTINGS.retention())));
    }

    @Test
    void aSourceThatBeginsAgainWithoutAWordIsReadThroughOnceMore() {
        source.addAll(history.subList(0, 20));
        tail.pollOnce();
        source.restartsSilently = true;
        source.forget(20);
        source.addAll(history.subList(5, 25));

        tail.pollOnce();

        assertThat(stored()).isEqualTo(25);
        assertThat(cursor()).isEqualTo(history.get(24).id().value());
    }

    @Test
    void aSweepFindsWhatSurfacedBehindTheCursorAndLeavesTheCursor() {
        source.addAll(history.subList(0, 3));
        source.addAll(history.subList(4, 10));
        tail.pollOnce();
        source.forget(9);
        source.addAll(history.subList(0, 10));

        assertThat(tail.sweepOnce()).isEqualTo(new PollOutcome.CaughtUp(2, 10, 1));

        assertThat(stored()).isEqualTo(10);
        assertThat(cursor()).isEqualTo(history.get(9).id().value());
    }

    @Test
    void theWatermarkFollowsThePollsOnlyOnceTheirEventsAreApplied() {
        assertThat(freshness.watermark().appliedThrough()).isEmpty();
        source.addAll(history.subList(0, 5));
        tail.pollOnce();
        assertThat(freshness.watermark().appliedThrough()).isEmpty();
        assertThat(freshness.report().depth().unapplied()).isEqualTo(5);

        drain.drainOnce();

        assertThat(freshness.watermark().appliedThrough()).contains(Wire.T0.minus(SETTINGS.holdBack()));
        assertThat(freshness.watermark().cursor()).contains(history.get(4).id());
        assertThat(freshness.report().pollAge()).isPresent();

        clock.advance(Duration.ofMinutes(1));
        inbox.receive(history.get(5).body(), Source.WEBHOOK);
        tail.pollOnce();
        assertThat(freshness.watermark().appliedThrough())
                .as("an event is stored and not applied: the older mark stands")
                .contains(Wire.T0.minus(SETTINGS.holdBack()));
        drain.drainOnce();
        assertThat(freshness.watermark().appliedThrough())
                .contains(Wire.T0.plus(Duration.ofMinutes(1)).minus(SETTINGS.holdBack()));
    }

    @Test
    void awaitingAnEventEndsWhenItIsAppliedOrTheTimeIsOver() {
        EventId event = history.getFirst().id();
        assertThat(freshness.awaitEvent(event, Duration.ofMillis(1))).isEqualTo(Awaited.TIMED_OUT);
        inbox.receive(history.getFirst().body(), Source.WEBHOOK);
        assertThat(freshness.awaitEvent(event, Duration.ofMillis(1))).isEqualTo(Awaited.TIMED_OUT);
        drain.drainOnce();
        assertThat(freshness.awaitEvent(event, Duration.ofMillis(1))).isEqualTo(Awaited.REACHED);
    }

    @Test
    void aPageThatIsNewestFirstMovesNothing() {
        for (int i = 0; i < 4; i++) {
            long millis = 60_000 - i * 15_000;
            byte[] body = Wire.event("e" + i, "user.created", Wire.user("u" + i, "Ada", millis), millis);
            source.add(new Emitted(new EventId("e" + i), Wire.at(millis), body));
        }

        assertThatThrownBy(tail::pollOnce)
                .isInstanceOfSatisfying(
                        SyncProblem.class, e -> assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_TAIL_BACKWARDS));
        assertThat(stored()).isZero();
        assertThat(mirror.value("SELECT count(*) FROM lockstep.cursor WHERE event_id IS NOT NULL", Long.class))
                .isZero();
    }

    @Test
    void anOutageOfTheDatabaseIsNotBlamedOnWorkOsAndEndsWithTheNextPoll() throws InterruptedException {
        source.addAll(history.subList(0, 5));
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(EventsTail.class);
        log.addAppender(lines);
        log.setLevel(Level.ERROR);
        CountDownLatch failed = new CountDownLatch(4);
        EventSource failing = start -> {
            failed.countDown();
            if (failed.getCount() > 0) {
                throw new DataAccessResourceFailureException("the database is away");
            }
            return source.page(start);
        };
        CountDownLatch stored = new CountDownLatch(1);
        Inbox announcing = new Inbox(database, new EventDecoder(), stored::countDown);
        try (EventsTail started = new EventsTail(database, announcing, failing, SETTINGS, UUID.randomUUID(), clock)) {
            started.start();
            assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stored.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }
        assertThat(lines.list.stream()
                        .filter(line -> line.getLevel() == Level.ERROR)
                        .map(ILoggingEvent::getFormattedMessage))
                .singleElement()
                .asString()
                .startsWith("SYNC_TAIL_STORE_AWAY")
                .contains("Next poll in 20 ms");
    }

    @Test
    void aStartedTailPollsByItselfAndSurvivesAnOutageOfWorkOs() throws InterruptedException {
        CountDownLatch polled = new CountDownLatch(4);
        source.addAll(history.subList(0, 5));
        source.beforeAnswer = () -> {
            polled.countDown();
            if (polled.getCount() == 2) {
                throw new WorkOsException(new WorkOsProblem.Unavailable(503, 3));
            }
        };
        try (EventsTail started = tail()) {
            started.start();
            assertThat(polled.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(stored()).isEqualTo(5);
    }

    private String cursor() {
        return mirror.value("SELECT event_id FROM lockstep.cursor WHERE name = 'test'", String.class);
    }

    private long stored() {
        return mirror.value("SELECT count(*) FROM lockstep.inbox", Long.class);
    }
}
