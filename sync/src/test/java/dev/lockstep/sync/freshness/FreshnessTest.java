package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Parked;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FreshnessTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration ONE_LOOK = Duration.ZERO;
    private static final MirroredObject ADA = MirroredObject.user(new UserId("user_ada"));

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});
    private final Freshness freshness = new Freshness(database, "test", 200);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    /** Another node than the one that applies: nobody rings it, it follows the feed. */
    private final FeedReader feed = new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults());

    @BeforeEach
    void followTheFeed() {
        mirror.clear();
        feed.addListener(freshness);
        feed.start();
    }

    @AfterEach
    void stop() {
        freshness.close();
        feed.close();
        callers.close();
    }

    @Test
    void aWaitOnAnotherNodeEndsWhenTheEventIsApplied() throws Exception {
        Future<Awaited> waiting = waitFor(() -> freshness.awaitEvent(new EventId("event_1"), LONG));

        receive("event_1", "user.created", 1);
        assertThat(waiting.isDone()).isFalse();
        drain.drainOnce();

        assertThat(end(waiting)).isEqualTo(Awaited.REACHED);
        assertThat(freshness.waiting()).isZero();
    }

    @Test
    void whoDoesNotFollowTheFeedWaitsAllTheSame() throws Exception {
        Freshness alone = new Freshness(database, "test");
        Future<Awaited> waiting = callers.submit(() -> alone.awaitEvent(new EventId("event_1"), LONG));
        while (alone.waiting() == 0) {
            Thread.onSpinWait();
        }
        apply("event_1", "user.created", 1);
        assertThat(end(waiting)).isEqualTo(Awaited.REACHED);
    }

    @Test
    void anEventThatMeansNothingHereIsWaitedForLikeAnyOther() throws Exception {
        Future<Awaited> waiting = waitFor(() -> freshness.awaitEvent(new EventId("event_1"), LONG));

        receive("event_1", "planet.discovered", 1);
        drain.drainOnce();

        assertThat(end(waiting)).isEqualTo(Awaited.REACHED);
    }

    @Test
    void aWaitForAParkedEventEndsAtOnceAndAReplayMakesItReachable() throws Exception {
        Future<Awaited> waiting = waitFor(() -> freshness.awaitEvent(new EventId("event_1"), LONG));
        receive("event_1", "user.created", 1);
        mirror.run("UPDATE lockstep.inbox SET state = 'parked', reason = 'poison'");

        assertThat(end(waiting)).isEqualTo(Awaited.PARKED);
        assertThat(freshness.awaitEvent(new EventId("event_1"), LONG)).isEqualTo(Awaited.PARKED);

        new Parked(database).replay(new EventId("event_1"));
        assertThat(freshness.awaitEvent(new EventId("event_1"), ONE_LOOK)).isEqualTo(Awaited.TIMED_OUT);
        drain.drainOnce();
        assertThat(freshness.awaitEvent(new EventId("event_1"), ONE_LOOK)).isEqualTo(Awaited.REACHED);
    }

    @Test
    void aVersionIsReachedByItselfByALaterOneAndByATombstone() {
        Version second = new Version.OfEvent(Wire.at(20), new EventId("event_2"));
        assertThat(freshness.awaitVersion(ADA, second, ONE_LOOK))
                .as("not there yet")
                .isEqualTo(Awaited.TIMED_OUT);

        apply("event_1", "user.created", 10);
        assertThat(freshness.awaitVersion(ADA, second, ONE_LOOK)).isEqualTo(Awaited.TIMED_OUT);
        assertThat(freshness.awaitVersion(ADA, new Version.OfEvent(Wire.at(10), new EventId("event_1")), ONE_LOOK))
                .isEqualTo(Awaited.REACHED);
        assertThat(freshness.awaitVersion(ADA, new Version.OfEvent(Wire.at(10), new EventId("event_1a")), ONE_LOOK))
                .as("the same time, a later id")
                .isEqualTo(Awaited.TIMED_OUT);

        apply("event_3", "user.updated", 30);
        assertThat(freshness.awaitVersion(ADA, second, ONE_LOOK)).isEqualTo(Awaited.REACHED);
        assertThat(freshness.awaitVersion(ADA, new Version.OfChange(Wire.at(30)), ONE_LOOK))
                .isEqualTo(Awaited.REACHED);
        assertThat(freshness.awaitVersion(ADA, new Version.OfChange(Wire.at(31)), ONE_LOOK))
                .isEqualTo(Awaited.TIMED_OUT);
        assertThat(freshness.awaitVersion(ADA, new Version.Gone(), ONE_LOOK)).isEqualTo(Awaited.TIMED_OUT);

        apply("event_4", "user.deleted", 40);
        assertThat(freshness.awaitVersion(ADA, new Version.Gone(), ONE_LOOK)).isEqualTo(Awaited.REACHED);
        assertThat(freshness.awaitVersion(ADA, new Version.OfChange(Wire.at(99)), ONE_LOOK))
                .isEqualTo(Awaited.REACHED);
    }

    @Test
    void aTimeIsReachedWhenItsMarkIsAndEverythingBeforeIsApplied() throws Exception {
        Future<Awaited> waiting = waitFor(() -> freshness.awaitThrough(Wire.at(50), LONG));
        receive("event_1", "user.created", 1);
        mirror.run("INSERT INTO lockstep.sync_mark (seq, through) SELECT max(seq), '" + Wire.at(50)
                + "' FROM lockstep.inbox");
        assertThat(freshness.awaitThrough(Wire.at(50), ONE_LOOK)).isEqualTo(Awaited.TIMED_OUT);
        drain.drainOnce();
        assertThat(end(waiting)).isEqualTo(Awaited.REACHED);
        assertThat(freshness.awaitThrough(Wire.at(51), ONE_LOOK)).isEqualTo(Awaited.TIMED_OUT);
    }

    @Test
    void aHundredCallersWaitForDifferentVersionsAndEachIsWokenByItsOwn() throws Exception {
        List<Future<Awaited>> waiting = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            Version version = new Version.OfChange(Wire.at(i));
            waiting.add(callers.submit(() -> freshness.awaitVersion(ADA, version, LONG)));
        }
        untilWaiting(100);
        for (int i = 10; i <= 100; i += 10) {
            apply("event_" + (100 + i), "user.updated", i);
            for (int reached = i - 10; reached < i; reached++) {
                assertThat(end(waiting.get(reached))).isEqualTo(Awaited.REACHED);
            }
            assertThat(waiting.subList(i, 100)).noneMatch(Future::isDone);
        }
        assertThat(freshness.waiting()).isZero();
    }

    @Test
    void nobodyIsForgottenWhileEventsAreAppliedAllTheTime() throws Exception {
        Random random = new Random(7);
        List<Future<Awaited>> waiting = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            EventId id = new EventId("event_" + (1000 + i));
            if (random.nextBoolean()) {
                waiting.add(callers.submit(() -> freshness.awaitEvent(id, LONG)));
            }
            apply(id.value(), "user.updated", i);
            waiting.add(callers.submit(() -> freshness.awaitEvent(id, LONG)));
        }
        for (Future<Awaited> one : waiting) {
            assertThat(end(one)).isEqualTo(Awaited.REACHED);
        }
        assertThat(freshness.waiting()).isZero();
    }

    @Test
    void tooManyWaitersAreRefusedAndNobodyIsLeftBehind() throws Exception {
        Freshness small = new Freshness(database, "test", 1);
        Future<Awaited> waiting = callers.submit(() -> small.awaitEvent(new EventId("event_1"), LONG));
        while (small.waiting() == 0) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> small.awaitEvent(new EventId("event_2"), LONG))
                .isInstanceOfSatisfying(
                        SyncProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(SyncProblem.Code.FRESHNESS_CROWDED));

        small.close();
        assertThat(end(waiting)).isEqualTo(Awaited.GIVEN_UP);
        assertThat(small.awaitEvent(new EventId("event_2"), LONG)).isEqualTo(Awaited.GIVEN_UP);
        assertThat(small.waiting()).isZero();
    }

    @Test
    void aTimeThatIsOverEndsTheWaitAndLeavesNothingBehind() {
        assertThat(freshness.awaitEvent(new EventId("event_1"), Duration.ofMillis(20)))
                .isEqualTo(Awaited.TIMED_OUT);
        assertThat(freshness.waiting()).isZero();
    }

    private Future<Awaited> waitFor(Callable<Awaited> wait) {
        Future<Awaited> waiting = callers.submit(wait);
        untilWaiting(1);
        return waiting;
    }

    private void untilWaiting(int count) {
        while (freshness.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static Awaited end(Future<Awaited> waiting) throws Exception {
        // Less than the waits themselves: who is only saved by their end was forgotten.
        return waiting.get(LONG.toSeconds() - 5, TimeUnit.SECONDS);
    }

    private void apply(String id, String type, long at) {
        receive(id, type, at);
        drain.drainOnce();
    }

    private void receive(String id, String type, long at) {
        inbox.receive(Wire.event(id, type, Wire.user("user_ada", "Ada", at), at), Source.WEBHOOK);
    }
}
