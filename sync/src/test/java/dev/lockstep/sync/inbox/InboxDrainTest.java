package dev.lockstep.sync.inbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.freshness.Awaited;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

class InboxDrainTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final DrainSettings SETTINGS =
            new DrainSettings(2, 50, Duration.ofMinutes(10), 8, Duration.ofMinutes(1), Duration.ofHours(1));

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final AtomicInteger rings = new AtomicInteger();
    private final InboxDrain drain = drain(rings::incrementAndGet);
    private final Inbox inbox = new Inbox(database, new EventDecoder(), drain::signal);
    private final Parked parked = new Parked(database);

    private InboxDrain drain(Doorbell bell) {
        return new InboxDrain(database, new Projector(), SETTINGS, new Random(1), bell);
    }

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @AfterEach
    void removePoison() {
        mirror.run("DROP TRIGGER IF EXISTS poison ON workos.users");
    }

    @Test
    void anEventBecomesARowAndTheFeedIsRung() {
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));

        assertThat(drain.drainOnce()).isOne();

        assertThat(mirror.row("workos.users", "u").orElseThrow().source()).isEqualTo("webhook");
        assertThat(state("e1")).isEqualTo("done");
        assertThat(rings).hasValue(1);
        assertThat(drain.drainOnce()).isZero();
        assertThat(rings).hasValue(1);
    }

    @Test
    void closingEndsTheWorkAfterTheBatchInHandHoweverMuchIsLeft() throws Exception {
        CountDownLatch applied = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        InboxDrain slow = workers(1, () -> {
            applied.countDown();
            await(closing);
        });
        for (int i = 0; i < 5; i++) {
            receive(event("e" + i, "user.created", user("u" + i, "Ada", 1), 1));
        }
        slow.start();
        await(applied);
        Thread closer = Thread.ofPlatform().start(slow::close);
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        closing.countDown();
        closer.join();

        assertThat(mirror.value("SELECT count(*) FROM lockstep.inbox WHERE state = 'done'", Long.class))
                .isOne();
    }

    @Test
    void aWorkerOutlivesAnErrorBelowIt() {
        CountDownLatch second = new CountDownLatch(2);
        InboxDrain hurt = workers(1, () -> {
            second.countDown();
            if (second.getCount() > 0) {
                throw new LinkageError("a class is missing");
            }
        });
        hurt.start();
        receive(event("e1", "user.created", user("u1", "Ada", 1), 1));
        hurt.signal();
        while (second.getCount() > 1) {
            Thread.onSpinWait();
        }
        receive(event("e2", "user.created", user("u2", "Ben", 1), 1));
        hurt.signal();
        await(second);
        hurt.close();
    }

    private InboxDrain workers(int batch, Doorbell bell) {
        return new InboxDrain(
                database,
                new Projector(),
                new DrainSettings(1, batch, Duration.ofMinutes(10), 8, Duration.ofMinutes(1), Duration.ofHours(1)),
                new Random(1),
                bell);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anUnknownKindOfEventIsKeptAsIgnored() {
        receive(event("e1", "toaster.exploded", user("u", "Ada", 1), 1));
        drain.drainOnce();

        assertThat(state("e1")).isEqualTo("ignored");
    }

    @Test
    void damagedBytesAreParkedAtOnceAndTheOthersApply() {
        receive("{\"id\":\"e0\"".getBytes(StandardCharsets.UTF_8));
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        receive(event("e2", "user.created", user("", "nobody", 1), 2));
        drain.drainOnce();

        assertThat(state("e1")).isEqualTo("done");
        assertThat(parked.list(0, 10)).hasSize(2).allSatisfy(event -> {
            assertThat(event.reason()).startsWith("malformed");
            assertThat(event.attempts()).isOne();
        });
    }

    @Test
    void whatTheDatabaseCanNeverHoldIsParkedAtOnce() {
        // Too long for the index on e-mail addresses, however well it is packed.
        String endless = new Random(1)
                .ints(12_800, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        receive(event("e1", "user.created", user("u", "Ada", 1).put("email", endless + "@x.test"), 1));
        receive(event("e2", "user.created", user("v", "Ben", 1), 2));
        drain.drainOnce();

        assertThat(state("e1")).isEqualTo("parked");
        assertThat(parked.list(0, 10).getFirst().reason()).contains("SQLSTATE 54000");
        assertThat(state("e2")).isEqualTo("done");
    }

    @Test
    void aPoisonEventIsRetriedEightTimesThenParkedAndBlocksNobody() {
        poison("P0001");
        receive(event("e1", "user.created", user("u", "poison", 1), 1));
        receive(event("e2", "user.created", user("v", "Ben", 1), 2));
        drain.drainOnce();
        assertThat(state("e1")).isEqualTo("retry");
        assertThat(state("e2")).isEqualTo("done");
        assertThat(mirror.value(
                        "SELECT next_at - clock_timestamp() BETWEEN interval '25 s' AND interval '60 s'"
                                + " FROM lockstep.inbox WHERE event_id = 'e1'",
                        Boolean.class))
                .isTrue();

        for (int attempt = 2; attempt <= 8; attempt++) {
            assertThat(state("e1")).isEqualTo("retry");
            mirror.run("UPDATE lockstep.inbox SET next_at = now() WHERE event_id = 'e1'");
            drain.drainOnce();
        }
        assertThat(state("e1")).isEqualTo("parked");
        assertThat(parked.list(0, 10).getFirst().reason()).contains("P0001").contains("attempt 8 of 8");
    }

    @Test
    void aBacklogIsWhatWaitsForMoreThanTwoSecondsAndHasNotFailed() {
        assertThat(database.read(InboxDepth::isBehind)).isFalse();
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        mirror.run("UPDATE lockstep.inbox SET received_at = now() + interval '1 hour'");
        assertThat(database.read(InboxDepth::isBehind)).isFalse();
        mirror.run("UPDATE lockstep.inbox SET received_at = now() - interval '3 seconds'");
        assertThat(database.read(InboxDepth::isBehind)).isTrue();
        mirror.run("UPDATE lockstep.inbox SET state = 'retry'");
        assertThat(database.read(InboxDepth::isBehind)).isFalse();
    }

    @Test
    void whatLooksLikeAnOutageButIsOneEventBlocksNobody() {
        poison("57014");
        receive(event("e1", "user.created", user("u", "poison", 1), 1));
        receive(event("e2", "user.created", user("v", "Ben", 1), 2));
        drain.drainOnce();

        assertThat(state("e1")).isEqualTo("retry");
        assertThat(state("e2")).isEqualTo("done");
    }

    @Test
    void laterEventsOfAPoisonedObjectStillApply() {
        poison("P0001");
        receive(event("e1", "user.created", user("u", "poison", 1), 1));
        drain.drainOnce();
        receive(event("e2", "user.updated", user("u", "Ada", 2), 2));
        drain.drainOnce();

        assertThat(mirror.value("SELECT first_name FROM workos.users WHERE id = 'u'", String.class))
                .isEqualTo("Ada");
    }

    @Test
    void aParkedEventIsReplayedWhenItsCauseIsGone() {
        poison("22021");
        receive(event("e1", "user.created", user("u", "poison", 1), 1));
        drain.drainOnce();
        assertThat(state("e1")).isEqualTo("parked");
        removePoison();

        parked.replay(new EventId("e1"));
        drain.drainOnce();

        assertThat(state("e1")).isEqualTo("done");
        assertThatThrownBy(() -> parked.replay(new EventId("e1")))
                .isInstanceOfSatisfying(
                        SyncProblem.class, e -> assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_NOT_PARKED));
    }

    @Test
    void aDiscardedEventStaysInTheInboxAndIsNeverTriedAgain() {
        receive("broken".getBytes(StandardCharsets.UTF_8));
        drain.drainOnce();
        EventId key = parked.list(0, 10).getFirst().key();

        parked.discard(key, "sent by a test");

        assertThat(parked.list(0, 10)).isEmpty();
        assertThat(drain.drainOnce()).isZero();
        assertThat(mirror.value("SELECT reason FROM lockstep.inbox", String.class))
                .isEqualTo("discarded: sent by a test");
    }

    @Test
    void aParkedBodyIsShownWithoutPersonalValues() {
        poison("22021");
        receive(event("e1", "user.created", user("u", "poison", 1), 1));
        drain.drainOnce();

        String shown = parked.show(new EventId("e1")).orElseThrow();

        assertThat(shown).contains("\"user.created\"").contains("\"u\"").contains("first_name");
        assertThat(shown).doesNotContain("poison").doesNotContain("@acme.test").doesNotContain("Osei");
    }

    @Test
    void twoDrainsOnOneInboxApplyEachEventOnce() throws Exception {
        int events = 3_000;
        List<Received> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            // Many events of few objects, so that the drains meet at the same rows.
            batch.add(new Received(
                    event("e%05d".formatted(i), "user.updated", user("u" + i % 7, "n" + i, i), i), Source.WEBHOOK));
        }
        database.write(tx -> inbox.receiveAll(tx, batch));
        AtomicInteger handled = new AtomicInteger();
        List<Future<?>> drains = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                InboxDrain racing = drain(() -> {});
                drains.add(threads.submit(() -> {
                    while (unapplied() > 0) {
                        handled.addAndGet(racing.drainOnce());
                    }
                }));
            }
            for (Future<?> running : drains) {
                running.get();
            }
        }
        assertThat(handled).hasValue(events);
        assertThat(mirror.value(
                        "SELECT count(*) FROM lockstep.inbox WHERE attempts = 1 AND state = 'done'", Long.class))
                .isEqualTo(events);
        for (int u = 0; u < 7; u++) {
            int last = (events - 1 - u) / 7 * 7 + u;
            assertThat(mirror.value("SELECT first_name FROM workos.users WHERE id = 'u" + u + "'", String.class))
                    .isEqualTo("n" + last);
        }
    }

    @Test
    void startedWorkersApplyWhatIsReceivedWithoutWaitingForTheBackstop() {
        Freshness freshness = new Freshness(database, "test");
        try (InboxDrain started = drain(freshness::changed)) {
            started.start();
            Inbox signalling = new Inbox(database, new EventDecoder(), started::signal);
            for (int i = 0; i < 20; i++) {
                signalling.receive(event("e" + i, "user.updated", user("u", "n" + i, i), i), Source.WEBHOOK);
                assertThat(freshness.awaitEvent(new EventId("e" + i), Duration.ofSeconds(30)))
                        .isEqualTo(Awaited.REACHED);
            }
        }
    }

    @Test
    void anOutageCountsNoAttemptAndNothingIsLost() {
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        postgres.stop();
        try {
            assertThatThrownBy(drain::drainOnce).isInstanceOf(DataAccessException.class);
        } finally {
            postgres.bringBack();
        }
        drain.drainOnce();

        assertThat(mirror.value("SELECT attempts FROM lockstep.inbox", Integer.class))
                .isOne();
        assertThat(state("e1")).isEqualTo("done");
    }

    private void poison(String sqlState) {
        mirror.run("""
                CREATE OR REPLACE FUNCTION workos.poison() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = TG_ARGV[0]; END $$
                """);
        mirror.run("CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON workos.users FOR EACH ROW"
                + " WHEN (NEW.first_name = 'poison') EXECUTE FUNCTION workos.poison('" + sqlState + "')");
    }

    private void receive(byte[] body) {
        inbox.receive(body, Source.WEBHOOK);
    }

    private long unapplied() {
        return database.read(tx -> InboxDepth.read(tx).unapplied());
    }

    private String state(String event) {
        return mirror.value("SELECT state FROM lockstep.inbox WHERE event_id = '" + event + "'", String.class);
    }
}
