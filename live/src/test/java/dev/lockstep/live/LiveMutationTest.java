package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.connection.ConnectionLimits;
import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class LiveMutationTest {
    private static final String ADD = "{\"name\":\"a\",\"by\":1}";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(postgres.dataSource());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aMutationResolvesWithTheTransitionThatShowsIt() {
        FakeBrowser browser = browser().follow(0, "counters:get", "{\"name\":\"a\"}");
        browser.awaitResult(0, "null").mutate(0, "counters:add", ADD).awaitResolved(0);
        assertThat(browser.results.get(0L).intValue()).isEqualTo(1);
        assertThat(browser.responses.get(0L).get("result").intValue()).isEqualTo(1);
    }

    @Test
    void theEffectNeverArrivesBeforeTheResponse() {
        FakeBrowser browser = browser().follow(0, "counters:sum", "{}");
        browser.awaitResult(0, "0");
        for (int i = 0; i < 100; i++) {
            browser.mutate(i, "counters:add", ADD);
        }
        browser.awaitResolved(99);

        int answered = 0;
        for (JsonNode frame : List.copyOf(browser.frames)) {
            switch (frame.get("type").asString()) {
                case "MutationResponse" -> answered++;
                case "Transition" -> {
                    for (JsonNode change : frame.get("modifications")) {
                        assertThat(change.get("value").intValue()).isLessThanOrEqualTo(answered);
                    }
                }
                default -> {}
            }
        }
        browser.awaitResult(0, "100");
    }

    @Test
    void aPageWhoseResponseIsLateWaitsWhileOthersAlreadySeeTheEffect() {
        FakeBrowser witness = browser().follow(0, "counters:sum", "{}");
        FakeBrowser page = browser().follow(0, "counters:sum", "{}");
        witness.awaitResult(0, "0");
        page.awaitResult(0, "0");
        house.afterCommit.set(() -> {
            witness.awaitResult(0, "1");
            house.sql("INSERT INTO app.counters VALUES ('b', 'x', 1)");
            witness.awaitResult(0, "2");
            assertThat(page.history.get(0L)).containsExactly("0");
        });
        page.mutate(0, "counters:add", ADD).awaitResolved(0).awaitResult(0, "2");
        assertThat(page.history.get(0L)).containsExactly("0", "2");
        assertThat(page.frames.get(1).get("type").asString()).isEqualTo("MutationResponse");
    }

    @Test
    void aTransitionThatPassesTheTimestampAlwaysHoldsTheEffect() {
        FakeBrowser other = browser();
        FakeBrowser browser = browser().follow(0, "counters:get", "{\"name\":\"a\"}");
        browser.awaitResult(0, "null");
        for (int i = 0; i < 60; i++) {
            other.mutate(i, "counters:add", "{\"name\":\"noise\",\"by\":1}");
            browser.mutate(i, "counters:add", ADD);
        }
        for (int i = 0; i < 60; i++) {
            int expected = i + 1;
            long request = i;
            browser.await("promise " + i, b -> {
                boolean resolved = b.resolved.containsKey(request);
                if (resolved && b.results.get(0L).intValue() < expected) {
                    throw new AssertionError("resolved at " + b.results.get(0L) + " before " + expected);
                }
                return resolved;
            });
        }
    }

    @Test
    void aMutationThatChangesNothingAnybodySeesResolvesToo() {
        FakeBrowser browser = browser().modify();
        browser.mutate(0, "counters:nothing", "{}").awaitResolved(0);
        assertThat(browser.responses.get(0L).get("result").isNull()).isTrue();
        assertThat(browser.framesOf("Transition").getLast().get("modifications"))
                .isEmpty();
    }

    @Test
    void mutationsOfOnePageRunInTheOrderOfTheirCalls() {
        FakeBrowser browser = browser().follow(0, "counters:sum", "{}");
        IntStream.range(0, 30).forEach(i -> browser.mutate(i, "counters:add", ADD));
        browser.awaitResolved(29);
        for (int i = 0; i < 30; i++) {
            assertThat(browser.responses.get((long) i).get("result").intValue()).isEqualTo(i + 1);
        }
    }

    @Test
    void aRepeatedRequestIsAnsweredFromTheLogWithTheSameReply() {
        UUID session = UUID.randomUUID();
        FakeBrowser first = FakeBrowser.open(house.engine, session).connect(0).modify();
        first.mutate(0, "counters:add", ADD).awaitResolved(0);
        first.vanish();

        FakeBrowser second = FakeBrowser.open(house.engine, session).connect(1).follow(0, "counters:sum", "{}");
        second.mutate(0, "counters:add", ADD).awaitResolved(0);
        assertThat(second.responses.get(0L)).isEqualTo(first.responses.get(0L));
        assertThat(second.frames.getFirst().get("type").asString()).isEqualTo("MutationResponse");
        second.awaitResult(0, "1");
        assertThat(house.mutationRuns).hasValue(1);
    }

    @Test
    void aHundredEqualRequestsOnTwoNodesHaveOneEffectAndOneReply() throws Exception {
        try (LiveHouse second = new LiveHouse(postgres.dataSource())) {
            UUID session = UUID.randomUUID();
            List<FakeBrowser> pages = IntStream.range(0, 100)
                    .mapToObj(i -> FakeBrowser.open((i % 2 == 0 ? house : second).engine, session)
                            .connect(1)
                            .modify())
                    .toList();
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = pages.stream()
                    .map(page -> Thread.ofVirtual().start(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        page.mutate(0, "counters:add", ADD);
                    }))
                    .toList();
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            JsonNode reply = pages.getFirst().awaitResolved(0).responses.get(0L);
            for (FakeBrowser page : pages) {
                assertThat(page.awaitResolved(0).responses.get(0L)).isEqualTo(reply);
            }
        }
        browser().follow(0, "counters:sum", "{}").awaitResult(0, "1");
    }

    @Test
    void nobodyGetsTheStoredReplyOfSomebodyElse() {
        UUID session = UUID.randomUUID();
        FakeBrowser ada = FakeBrowser.open(house.engine, session)
                .connect(0)
                .authenticate("user:ada")
                .modify();
        ada.mutate(0, "counters:add", ADD).awaitResolved(0);

        FakeBrowser ben = FakeBrowser.open(house.engine, session)
                .connect(1)
                .authenticate("user:ben")
                .modify();
        ben.mutate(0, "counters:add", ADD).awaitResolved(0);
        assertThat(ada.responses.get(0L).get("result").intValue()).isEqualTo(1);
        assertThat(ben.responses.get(0L).get("result").intValue()).isEqualTo(2);
    }

    @Test
    void conflictingMutationsOfManyPagesAllSucceedOnce() {
        List<FakeBrowser> pages = IntStream.range(0, 8)
                .mapToObj(i -> browser().follow(0, "counters:sum", "{}"))
                .toList();
        pages.forEach(page -> IntStream.range(0, 5).forEach(i -> page.mutate(i, "counters:add", ADD)));
        pages.forEach(page -> page.awaitResolved(4));
        pages.forEach(page -> page.awaitResult(0, "40"));
    }

    @Test
    void aMutationThatFailsLeavesNothingAndMayBeTriedAgain() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        FakeBrowser browser = browser().follow(0, "counters:sum", "{}");
        browser.awaitResult(0, "3");
        browser.mutate(0, "counters:refuse", "{}").awaitResolved(0);
        JsonNode told = browser.responses.get(0L);
        assertThat(told.get("result").asString()).isEqualTo("Not today");
        assertThat(told.has("errorData")).isTrue();

        browser.mutate(1, "counters:broken", "{}").awaitResolved(1);
        JsonNode broken = browser.responses.get(1L);
        assertThat(broken.get("result").asString()).matches("\\[Request ID: [0-9a-f]{16}] Server Error");
        assertThat(broken.has("errorData")).isFalse();

        browser.mutate(2, "no:such", "{}").awaitResolved(2);
        assertThat(browser.responses.get(2L).get("result").asString()).startsWith("There is no public mutation");
        browser.mutate(3, "counters:add", "{\"name\":\"a\"}").awaitResolved(3);
        assertThat(browser.responses.get(3L).get("result").asString()).isEqualTo("ArgumentError: Missing field 'by'");
        browser.mutate(4, "counters:add", ADD).awaitResolved(4).awaitResult(0, "4");
        assertThat(new Database(house.dataSource)
                        .<Integer>read(tx -> tx.sql("SELECT count(*) FROM lockstep.live_request")
                                .query(Integer.class)
                                .single()))
                .isEqualTo(1);
    }

    @Test
    void anUnknownActionIsAClearError() {
        FakeBrowser browser = browser().modify();
        browser.raw("{\"type\":\"Action\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[{}]}");
        browser.await(
                "the reply",
                b -> b.frames.stream().anyMatch(f -> f.get("type").asString().equals("ActionResponse")));
        assertThat(browser.framesOf("ActionResponse").getFirst().get("success").booleanValue())
                .isFalse();
    }

    @Test
    void aPageThatFloodsMutationsIsTurnedAway() {
        LiveSettings settings = LiveSettings.DEFAULTS.withLimits(ConnectionLimits.DEFAULTS.withMutations(2));
        try (LiveHouse small =
                new LiveHouse(postgres.dataSource(), settings, java.time.InstantSource.system(), LiveHouse::verdict)) {
            CountDownLatch hold = new CountDownLatch(1);
            small.beforeCommit = () -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            FakeBrowser page = FakeBrowser.open(small.engine).connect(0);
            IntStream.range(0, 3).forEach(i -> page.mutate(i, "counters:add", ADD));
            page.awaitClosed();
            hold.countDown();
            assertThat(page.closeCode).isEqualTo(1013);
            assertThat(page.closeReason).startsWith("TooManyConcurrent");
        }
    }

    @Test
    void aMutationThatWaitsTooLongForOthersGivesUpAndItsPageGoesOn() throws Exception {
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 1)");
        LiveSettings hasty = new LiveSettings(
                ConnectionLimits.DEFAULTS,
                LiveSettings.Crowd.DEFAULTS,
                8,
                8,
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofDays(14),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1));
        try (LiveHouse other = new LiveHouse(
                        postgres.dataSource(), hasty, java.time.InstantSource.system(), LiveHouse::verdict);
                Connection blocker = postgres.dataSource().getConnection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("UPDATE app.counters SET value = 2");
            FakeBrowser page = FakeBrowser.open(other.engine).connect(0).modify();
            page.mutate(0, "counters:add", ADD).awaitResolved(0);
            assertThat(page.responses.get(0L).at("/errorData/code").asString()).isEqualTo("MUTATION_TIMED_OUT");
            page.mutate(1, "counters:add", "{\"name\":\"b\",\"by\":1}").awaitResolved(1);
            assertThat(page.responses.get(1L).get("success").booleanValue()).isTrue();
            blocker.rollback();
        }
    }

    @Test
    void otherPeoplesChangesArriveWhileAnOwnMutationIsStillRunning() {
        FakeBrowser browser = browser().follow(0, "counters:get", "{\"name\":\"b\"}");
        browser.awaitResult(0, "null");
        CountDownLatch hold = new CountDownLatch(1);
        house.beforeCommit = () -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        browser.mutate(0, "counters:add", ADD);
        house.sql("INSERT INTO app.counters VALUES ('b', 'x', 3)");
        browser.awaitResult(0, "3");
        assertThat(browser.responses).isEmpty();
        hold.countDown();
        browser.awaitResolved(0);
    }

    private FakeBrowser browser() {
        return FakeBrowser.open(house.engine).connect(0);
    }
}
