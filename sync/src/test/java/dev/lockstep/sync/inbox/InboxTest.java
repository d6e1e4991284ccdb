package dev.lockstep.sync.inbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final AtomicInteger rings = new AtomicInteger();
    private final Inbox inbox = new Inbox(database, new EventDecoder(), rings::incrementAndGet);

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void whatIsReceivedIsCommittedAndAnnounced() {
        byte[] body = event("event_1", "user.created", user("u", "Ada", 1), 1);

        assertThat(inbox.receive(body, Source.WEBHOOK)).isEqualTo(new Receipt.Stored(new EventId("event_1")));

        assertThat(rings).hasValue(1);
        assertThat(mirror.value("SELECT body FROM lockstep.inbox WHERE event_id = 'event_1'", byte[].class))
                .isEqualTo(body);
        assertThat(mirror.value("SELECT event_type || ' ' || state FROM lockstep.inbox", String.class))
                .isEqualTo("user.created new");
    }

    @Test
    void theSameEventAgainIsADuplicateWithoutAnyTrace() {
        byte[] body = event("event_1", "user.created", user("u", "Ada", 1), 1);
        inbox.receive(body, Source.WEBHOOK);

        assertThat(inbox.receive(body, Source.WEBHOOK)).isInstanceOf(Receipt.Duplicate.class);

        assertThat(count()).isOne();
        assertThat(rings).hasValue(1);
    }

    @Test
    void theOtherMouthMayWriteTheSameEventInOtherWords() {
        inbox.receive(event("event_1", "user.created", user("u", "Ada", 1), 1), Source.WEBHOOK);
        byte[] otherWords = event("event_1", "user.created", user("u", "Ada", 1).put("locale", "en"), 1);

        assertThat(inbox.receive(otherWords, Source.TAIL)).isInstanceOf(Receipt.Duplicate.class);
        assertThat(count()).isOne();
    }

    @Test
    void anotherBodyUnderATakenIdIsKeptAndParked() {
        inbox.receive(event("event_1", "user.created", user("u", "Ada", 1), 1), Source.WEBHOOK);
        byte[] other = event("event_1", "user.created", user("u", "Eve", 1), 1);

        Receipt receipt = inbox.receive(other, Source.WEBHOOK);

        assertThat(receipt).isInstanceOf(Receipt.Conflict.class);
        assertThat(count()).isEqualTo(2);
        assertThat(mirror.value(
                        "SELECT state || ' ' || conflicts_with FROM lockstep.inbox WHERE event_id LIKE 'sha256:%'",
                        String.class))
                .isEqualTo("parked event_1");
        assertThat(inbox.receive(other, Source.WEBHOOK)).isInstanceOf(Receipt.Conflict.class);
        assertThat(count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "not json",
                "{\"id\":\"event_1\"",
                "{\"id\":\"event_1\"} trailing",
                "{\"id\":\"event_1\",\"id\":\"event_2\",\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":7,\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":\"  \",\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":\"event_\\u0000\",\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00Z\"}",
                "{\"id\":\"event_\\ud800\",\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00Z\"}"
            })
    void bytesWithoutAUsableIdAreKeptUnderTheirDigest(String body) {
        Receipt receipt = inbox.receive(body.getBytes(StandardCharsets.UTF_8), Source.WEBHOOK);

        assertThat(receipt).isInstanceOf(Receipt.Stored.class);
        assertThat(receipt.key().value()).matches("sha256:[0-9a-f]{64}");
        assertThat(inbox.receive(body.getBytes(StandardCharsets.UTF_8), Source.WEBHOOK))
                .isEqualTo(new Receipt.Duplicate(receipt.key()));
    }

    @Test
    void aDamagedCopyDoesNotTakeThePlaceOfTheGoodOne() {
        byte[] good = event("event_1", "user.created", user("u", "Ada", 1), 1);
        byte[] cut = Arrays.copyOf(good, good.length - 1);
        inbox.receive(cut, Source.WEBHOOK);

        assertThat(inbox.receive(good, Source.TAIL)).isEqualTo(new Receipt.Stored(new EventId("event_1")));
    }

    @Test
    void anIdOfTenThousandCharactersIsKeptUnderItsDigest() {
        byte[] body = event("event_" + "x".repeat(10_000), "user.created", user("u", "Ada", 1), 1);

        assertThat(inbox.receive(body, Source.WEBHOOK).key().value()).startsWith("sha256:");
    }

    @Test
    void oneBatchMayHoldRepetitionsAndConflicts() {
        byte[] first = event("event_1", "user.created", user("u", "Ada", 1), 1);
        byte[] other = event("event_1", "user.created", user("u", "Eve", 1), 1);
        List<Receipt> receipts = database.write(tx -> inbox.receiveAll(
                tx,
                List.of(
                        new Received(first, Source.TAIL),
                        new Received(first, Source.TAIL),
                        new Received(other, Source.TAIL),
                        new Received(other, Source.WEBHOOK))));

        assertThat(receipts.stream().map(receipt -> receipt.getClass().getSimpleName()))
                .containsExactly("Stored", "Duplicate", "Conflict", "Duplicate");
    }

    @Test
    void nothingOfAPageIsStoredWhenItsTransactionRollsBack() {
        byte[] body = event("event_1", "user.created", user("u", "Ada", 1), 1);

        assertThatThrownBy(() -> database.write(tx -> {
                    inbox.receiveAll(tx, List.of(new Received(body, Source.TAIL)));
                    throw new IllegalStateException("the page is given up");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(count()).isZero();
    }

    @Test
    void concurrentReceiversShareCommitsAndEachEventIsStoredOnce() throws Exception {
        int events = 2_000;
        Set<EventId> stored = ConcurrentHashMap.newKeySet();
        AtomicInteger storedTwice = new AtomicInteger();
        List<Future<?>> senders = new ArrayList<>();
        long before = transactions();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < events * 2; i++) {
                byte[] body = event("event_" + (i % events), "user.created", user("u", "Ada", 1), 1);
                senders.add(threads.submit(() -> {
                    Receipt receipt = inbox.receive(body, Source.WEBHOOK);
                    if (receipt instanceof Receipt.Stored && !stored.add(receipt.key())) {
                        storedTwice.incrementAndGet();
                    }
                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        }
        assertThat(stored).hasSize(events);
        assertThat(storedTwice).hasValue(0);
        assertThat(count()).isEqualTo(events);
        assertThat(transactions() - before)
                .as("transactions for 4,000 deliveries")
                .isLessThan(events);
    }

    @Test
    void whatWasAcknowledgedSurvivesACrashAndWhatCouldNotBeStoredIsRefused() throws Exception {
        Set<EventId> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        List<SyncProblem> failures = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch enough = new CountDownLatch(200);
        CountDownLatch refusal = new CountDownLatch(1);
        List<Future<?>> senders = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int sender = 0; sender < 8; sender++) {
                int lane = sender;
                senders.add(threads.submit(() -> {
                    for (int i = 0; refused.get() == 0; i++) {
                        byte[] body = event("event_" + lane + "_" + i, "user.created", user("u", "Ada", 1), 1);
                        try {
                            acknowledged.add(inbox.receive(body, Source.WEBHOOK).key());
                            enough.countDown();
                        } catch (SyncProblem e) {
                            assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_INBOX_UNAVAILABLE);
                            failures.add(e);
                            refused.incrementAndGet();
                            refusal.countDown();
                        }
                    }
                }));
            }
            assertThat(enough.await(60, TimeUnit.SECONDS))
                    .as("200 acknowledged, failures: %s", failures)
                    .isTrue();
            postgres.crash();
            boolean oneWasRefused = refusal.await(60, TimeUnit.SECONDS);
            postgres.bringBack();
            for (Future<?> sender : senders) {
                sender.get();
            }
            assertThat(oneWasRefused).isTrue();
        }
        List<String> kept = database.read(tx -> tx.sql("SELECT event_id FROM lockstep.inbox")
                .query(String.class)
                .list());
        assertThat(kept).containsAll(acknowledged.stream().map(EventId::value).toList());
    }

    private long count() {
        return mirror.value("SELECT count(*) FROM lockstep.inbox", Long.class);
    }

    private long transactions() {
        return database.write(tx -> tx.sql("SELECT pg_current_xact_id()::text::bigint")
                .query(Long.class)
                .single());
    }
}
