package dev.lockstep.sync.outbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.work.Backoff;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutboxDeliveryTest {
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
    void withoutListenersNothingIsRecorded() {
        mirror.run("DELETE FROM lockstep.listener");
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        drain.drainOnce();

        assertThat(recorded()).isZero();
        assertThat(delivery().deliverOnce()).isZero();
    }

    @Test
    void aListenerThatFailsLeavesNoTraceIsToldAgainAndThenParked() {
        ear.deaf = true;
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();
        assertThat(effects()).isEmpty();
        assertThat(mirror.value("SELECT state || attempts FROM lockstep.outbox", String.class))
                .isEqualTo("retry1");
        assertThat(delivery.deliverOnce()).as("not due yet").isZero();

        for (int attempt = 2; attempt <= 3; attempt++) {
            mirror.run("UPDATE lockstep.outbox SET next_at = now()");
            assertThat(delivery.deliverOnce()).isOne();
        }
        assertThat(parked.count()).isOne();
        assertThat(parked.list("ear", 0, 10)).singleElement().satisfies(telling -> {
            assertThat(telling.reason())
                    .contains("IOException")
                    .contains("attempt 3 of 3")
                    .doesNotContain("not now");
            assertThat(telling.key()).isEqualTo("user.created/u");
        });

        ear.deaf = false;
        assertThat(parked.replay("ear", "user.created/u")).isOne();
        delivery.deliverOnce();
        assertThat(effects()).containsExactly("ear user.created/u");
        assertThatThrownBy(() -> parked.replay("ear", "user.created/u"))
                .isInstanceOfSatisfying(
                        SyncProblem.class, e -> assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_NOT_PARKED));
    }

    @Test
    void aFailedTellingHoldsUpItsOwnObjectOnlyAndAParkedOneNobody() {
        ear.deaf = true;
        receive(event("e1", "user.created", user("u", "Ada", 1), 1));
        happened();
        ear.deaf = false;
        receive(event("e2", "user.updated", user("u", "Ada L.", 2), 2));
        receive(event("e3", "user.created", user("v", "Ben", 1), 3));
        happened();
        assertThat(ear.heard.stream().map(event -> event.occurrence().subject()))
                .containsExactly("v");

        mirror.run("UPDATE lockstep.outbox SET state = 'parked', reason = 'test' WHERE state = 'retry'");
        delivery.deliverOnce();
        assertThat(ear.types("u")).containsExactly("user.updated");
        assertThat(parked.discard("ear", null, "too late")).isOne();
        assertThat(parked.count()).isZero();
    }

    @Test
    void manyNodesTellEachChangeOnceAndInTheOrderOfItsObject() throws Exception {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String id = "u" + i % 20;
            events.add(event("e%04d".formatted(i), "user.updated", user(id, "n" + i, i), i));
        }
        events.forEach(this::receive);
        drain.drainOnce();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> nodes = new ArrayList<>();
            for (int n = 0; n < 5; n++) {
                OutboxDelivery node = delivery(ear);
                nodes.add(threads.submit(() -> {
                    while (waiting() > 0) {
                        node.deliverOnce();
                    }
                }));
            }
            for (Future<?> node : nodes) {
                node.get();
            }
        }
        assertThat(effects()).hasSize((int) recorded()).doesNotHaveDuplicates();
        for (int u = 0; u < 20; u++) {
            String id = "u" + u;
            assertThat(ear.heard.stream()
                            .filter(event -> event.occurrence().subject().equals(id))
                            .map(event -> event.occurrence().at())
                            .toList())
                    .isSorted();
        }
    }

    @Test
    void startedWorkersTellWithoutWaitingForTheBackstop() throws Exception {
        CountDownLatch told = new CountDownLatch(3);
        DomainListener counting = new DomainListener() {
            @Override
            public String name() {
                return "counting";
            }

            @Override
            public Set<String> types() {
                return Set.of("user.created");
            }

            @Override
            public void on(DomainEvent event, Telling telling) {
                told.countDown();
            }
        };
        try (OutboxDelivery started = delivery(counting);
                InboxDrain drains = new InboxDrain(
                        database, new Projector(), DrainSettings.defaults(), new Random(1), started::signal)) {
            started.start();
            drains.start();
            for (int i = 0; i < 3; i++) {
                receive(event("e" + i, "user.created", user("u" + i, "Ada", 1), 1));
            }
            drains.signal();
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void twoListenersOfOneNameAreRefused() {
        assertThatThrownBy(() -> delivery(new Ear("a", Set.of("user.*")), new Ear("a", Set.of("*"))))
                .isInstanceOfSatisfying(
                        SyncProblem.class, e -> assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_LISTENER_INVALID));
        assertThatThrownBy(() -> delivery(new Ear("a", Set.of()))).isInstanceOf(SyncProblem.class);
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
