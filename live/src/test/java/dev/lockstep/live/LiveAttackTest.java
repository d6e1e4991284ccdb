package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.live.connection.ConnectionLimits;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The attacks on the live socket that do not need one of the container's own: W02 to W10 and W15 to W23. */
class LiveAttackTest {
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

    private FakeBrowser page() {
        return FakeBrowser.open(house.engine).connect(0);
    }

    private FakeBrowser signedIn(String user) {
        return page().authenticate("user:" + user).follow(0, "counters:mine", "{}");
    }

    @Test
    void w02WithoutAnAuthenticateASocketSpeaksForNobody() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
        page().follow(0, "counters:mine", "{}").awaitResult(0, "[]");
    }

    @Test
    void w03NobodyIsEverShownARowOfSomebodyElseHoweverOftenTablesChange() {
        FakeBrowser mallory = signedIn("mallory").awaitResult(0, "[]");
        FakeBrowser ada = signedIn("ada").awaitResult(0, "[]");
        for (int i = 0; i < 200; i++) {
            house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 0) ON CONFLICT (name) DO UPDATE SET value = "
                    + (i + 1));
        }
        ada.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":200}]");
        mallory.mutate(0, "counters:nothing", "{}").awaitResolved(0);
        assertThat(mallory.history.get(0L)).containsExactly("[]");
    }

    @Test
    void w04And05ARevokedSocketIsToldAndClosedAtOnceAndHearsNothingMore() {
        FakeBrowser ada = signedIn("ada").awaitResult(0, "[]");
        long began = System.nanoTime();
        house.engine.revoke(caller -> caller.user().value().equals("user_ada"));
        ada.awaitClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        assertThat(ada.closeCode).isEqualTo(1008);
        assertThat(ada.frames.getLast().get("type").asString()).isEqualTo("AuthError");
        int frames = ada.frames.size();
        FakeBrowser witness = page().follow(0, "counters:sum", "{}").awaitResult(0, "0");
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
        witness.awaitResult(0, "1");
        ada.mutate(0, "counters:add", ADD);
        witness.mutate(0, "counters:nothing", "{}").awaitResolved(0);
        assertThat(ada.frames).hasSize(frames);
        assertThat(house.mutationRuns).hasValue(0);
    }

    @Test
    void w06AnIdleSocketWhoseTokenHasEndedGetsNothingMore() {
        SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
        Instant end = clock.instant().plusSeconds(300);
        try (LiveHouse timed = new LiveHouse(
                postgres.dataSource(),
                LiveSettings.DEFAULTS,
                clock,
                token -> new Verdict.Accepted(LiveHouse.caller("ada"), end, end.minusSeconds(300)))) {
            FakeBrowser ada = FakeBrowser.open(timed.engine)
                    .connect(0)
                    .authenticate("user:ada")
                    .follow(0, "counters:mine", "{}")
                    .awaitResult(0, "[]");
            clock.advance(Duration.ofSeconds(300 + 61));
            house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
            ada.awaitClosed();
            assertThat(ada.frames.getLast().get("type").asString()).isEqualTo("AuthError");
            assertThat(ada.frames.getLast().get("authUpdateAttempted").booleanValue())
                    .isFalse();
            assertThat(ada.history.get(0L)).containsExactly("[]");
        }
    }

    @Test
    void w07ABadTokenEndsTheSocketInsteadOfKeepingTheIdentityBefore() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
        FakeBrowser ada = signedIn("ada");
        ada.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":1}]");
        ada.authenticate("forged").mutate(0, "counters:add", ADD).awaitClosed();
        assertThat(ada.closeCode).isEqualTo(1008);
        assertThat(house.mutationRuns).hasValue(0);
    }

    @Test
    void w08AfterASwitchOfIdentityNothingOfTheFormerUserArrives() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1), ('b', 'user_ben', 2)");
        FakeBrowser page = signedIn("ada");
        page.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":1}]");
        page.authenticate("user:ben").awaitResult(0, "[{\"name\":\"b\",\"owner\":\"user_ben\",\"value\":2}]");
        house.sql("UPDATE app.counters SET value = 3");
        page.awaitResult(0, "[{\"name\":\"b\",\"owner\":\"user_ben\",\"value\":3}]");
        for (JsonNode frame : page.framesOf("Transition")) {
            if (frame.at("/endVersion/identity").intValue() > 1) {
                assertThat(frame.get("modifications").toString()).doesNotContain("user_ada");
            }
        }
    }

    @Test
    void w09AStolenSessionAndRequestNumberRunsUnderTheThiefsOwnIdentity() {
        UUID session = UUID.randomUUID();
        FakeBrowser victim = FakeBrowser.open(house.engine, session)
                .connect(0)
                .authenticate("user:ada")
                .modify();
        victim.mutate(0, "counters:add", ADD).awaitResolved(0);
        FakeBrowser thief = FakeBrowser.open(house.engine, session)
                .connect(1)
                .authenticate("user:eve")
                .modify();
        thief.mutate(0, "counters:add", "{\"name\":\"other\",\"by\":5}").awaitResolved(0);
        assertThat(thief.responses.get(0L).get("result").intValue()).isEqualTo(5);
        assertThat(house.mutationRuns).hasValue(2);
    }

    @Test
    void w10OneRequestAHundredTimesOverTwoNodesHasOneEffectAndOneReply() {
        UUID session = UUID.randomUUID();
        try (LiveHouse other = new LiveHouse(postgres.dataSource())) {
            List<FakeBrowser> pages = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                pages.add(FakeBrowser.open(i % 2 == 0 ? house.engine : other.engine, session)
                        .connect(i)
                        .modify()
                        .mutate(0, "counters:add", ADD));
            }
            Set<String> replies = pages.stream()
                    .map(page -> page.awaitResolved(0).responses.get(0L).toString())
                    .collect(Collectors.toSet());
            assertThat(replies).hasSize(1);
        }
        page().follow(0, "counters:sum", "{}").awaitResult(0, "1");
    }

    @Test
    void w15JsonThatIsMuchTooDeepIsRefusedQuickly() {
        FakeBrowser page = page();
        long began = System.nanoTime();
        page.raw("[".repeat(100_000)).awaitClosed();
        assertThat(page.closeCode).isEqualTo(1008);
        FakeBrowser wide = page();
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; keys.length() < 1_000_000; i++) {
            keys.append("\"k").append(i).append("\":1,");
        }
        wide.raw(keys.append("\"type\":\"Nothing\"}").toString()).awaitClosed();
        FakeBrowser longText = page();
        longText.raw("\"" + "x".repeat(10_000_000) + "\"").awaitClosed();
        assertThat(longText.closeCode).isEqualTo(1009);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"Add\",\"queryId\":0,\"udfPath\":\"counters:sum\",\"args\":[{}]},{\"type\":\"Add\",\"queryId\":0,\"udfPath\":\"counters:sum\",\"args\":[{}]}]",
                "[{\"type\":\"Remove\",\"queryId\":7}]",
                "[{\"type\":\"Add\",\"queryId\":-1,\"udfPath\":\"counters:sum\",\"args\":[{}]}]",
                "[{\"type\":\"Add\",\"queryId\":4294967296,\"udfPath\":\"counters:sum\",\"args\":[{}]}]"
            })
    void w16ABrokenQuerySetIsAFatalError(String steps) {
        FakeBrowser page = page();
        page.raw("{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,\"modifications\":" + steps + "}")
                .awaitClosed();
        assertThat(page.frames.getLast().get("type").asString()).isEqualTo("FatalError");
    }

    @Test
    void w16TenThousandQueriesAreTooMany() {
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            steps.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"Add\",\"queryId\":%d,\"udfPath\":\"counters:sum\",\"args\":[{}]}"
                            .formatted(i));
        }
        FakeBrowser page = page();
        page.raw("{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,\"modifications\":[" + steps + "]}")
                .awaitClosed();
        assertThat(page.closeReason).isIn("ProtocolViolation", "MessageTooLong");
        assertThat(house.queryRuns).hasValue(0);
    }

    @Test
    void w17AnExpensiveQueryIsStoppedAndHoldsUpNobodyOnceItIsKnown() {
        FakeBrowser greedy = page().follow(0, "counters:slow", "{}").awaitFailure(0);
        FakeBrowser other = page().follow(0, "counters:sum", "{}").awaitResult(0, "0");
        List<Long> waits = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            // Each change makes the expensive one stale too, and it takes a second each time.
            long began = System.nanoTime();
            house.sql("INSERT INTO app.counters VALUES ('n%d', 'x', 1)".formatted(i));
            other.awaitResult(0, Integer.toString(i));
            waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
        // If it were in the way, each would wait for it; a machine that has other things to do holds up a few.
        waits.sort(null);
        assertThat(waits.get(waits.size() / 2)).isLessThan(900);
        assertThat(greedy.closeCode).isZero();
    }

    @Test
    void w18AFloodOfMutationsEndsTheSocketWithATimeToWait() {
        FakeBrowser page = page().modify();
        for (int i = 0; i < 6000 && page.closeCode == 0; i++) {
            page.mutate(i, "counters:add", ADD);
        }
        page.awaitClosed();
        assertThat(page.closeCode).isEqualTo(1013);
    }

    @Test
    void w19AReaderThatDoesNotReadHasAtMostTwoFramesWaitingAndIsClosedInTheEnd() {
        SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
        try (LiveHouse timed = new LiveHouse(postgres.dataSource(), LiveSettings.DEFAULTS, clock, LiveHouse::verdict)) {
            FakeBrowser slow = FakeBrowser.open(timed.engine)
                    .connect(0)
                    .follow(0, "counters:sum", "{}")
                    .awaitResult(0, "0");
            int before = slow.framesOf("Transition").size();
            slow.unsent = 2;
            FakeBrowser witness = FakeBrowser.open(timed.engine).connect(0).follow(0, "counters:sum", "{}");
            for (int i = 1; i <= 20; i++) {
                house.sql("INSERT INTO app.counters VALUES ('n%d', 'x', 1)".formatted(i));
                witness.awaitResult(0, Integer.toString(i));
            }
            assertThat(slow.framesOf("Transition")).hasSize(before);
            slow.unsent = 0;
            slow.awaitResult(0, "20");
            assertThat(slow.history.get(0L)).containsExactly("0", "20");
            slow.unsent = 2;
            for (int i = 0; i < 100 && slow.closeCode == 0; i++) {
                clock.advance(Duration.ofSeconds(2));
                java.util.concurrent.locks.LockSupport.parkNanos(300_000_000L);
            }
            assertThat(slow.closeReason).startsWith("SystemTimeoutError");
        }
    }

    @Test
    void w20ASocketThatSaysNothingIsClosed() {
        SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
        try (LiveHouse timed = new LiveHouse(postgres.dataSource(), LiveSettings.DEFAULTS, clock, LiveHouse::verdict)) {
            FakeBrowser mute = FakeBrowser.open(timed.engine);
            clock.advance(ConnectionLimits.DEFAULTS.connectWithin());
            mute.awaitClosed();
            assertThat(mute.closeReason).isEqualTo("NoConnectMessage");
        }
    }

    @Test
    void w21And23SocketsBeyondTheLimitsAreSentAwayAndTheOthersLiveOn() {
        LiveSettings few = LiveSettings.DEFAULTS.withCrowd(LiveSettings.Crowd.DEFAULTS.withSockets(6, 2));
        try (LiveHouse small =
                new LiveHouse(postgres.dataSource(), few, java.time.InstantSource.system(), LiveHouse::verdict)) {
            List<FakeBrowser> ada = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                ada.add(FakeBrowser.open(small.engine)
                        .connect(0)
                        .authenticate("user:ada")
                        .follow(0, "counters:mine", "{}")
                        .awaitResult(0, "[]"));
            }
            FakeBrowser third = FakeBrowser.open(small.engine).connect(0).authenticate("user:ada");
            third.awaitClosed();
            assertThat(third.closeCode).isEqualTo(1013);
            FakeBrowser ben = FakeBrowser.open(small.engine)
                    .connect(0)
                    .authenticate("user:ben")
                    .follow(0, "counters:mine", "{}")
                    .awaitResult(0, "[]");
            List<FakeBrowser> flood = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                flood.add(FakeBrowser.open(small.engine));
            }
            assertThat(flood.stream().filter(page -> page.closeCode == 1013).count())
                    .isEqualTo(47);
            assertThat(small.engine.socketsRefused()).isEqualTo(48);
            house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1), ('b', 'user_ben', 2)");
            ada.forEach(page -> page.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":1}]"));
            ben.awaitResult(0, "[{\"name\":\"b\",\"owner\":\"user_ben\",\"value\":2}]");
            // A place that is given back can be had again.
            ada.getFirst().vanish();
            FakeBrowser.open(small.engine)
                    .connect(0)
                    .authenticate("user:ada")
                    .follow(0, "counters:mine", "{}")
                    .awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":1}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"//////////8=\"", "\"AAAAAAAA8H8=\"", "\"x\"", "7"})
    void w22ATimeThatNoNodeCanHaveIsAFatalErrorAtOnce(String observed) {
        FakeBrowser page = FakeBrowser.open(house.engine);
        page.raw(
                        "{\"type\":\"Connect\",\"sessionId\":\"%s\",\"connectionCount\":1,\"lastCloseReason\":null,\"maxObservedTimestamp\":%s}"
                                .formatted(UUID.randomUUID(), observed))
                .modify();
        page.awaitClosed();
        assertThat(page.frames.getLast().get("type").asString()).isEqualTo("FatalError");
    }

    @Test
    void w22TwoConnectsAreAFatalError() {
        FakeBrowser page = page().connect(1);
        page.awaitClosed();
        assertThat(page.frames.getLast().get("type").asString()).isEqualTo("FatalError");
    }
}
