package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LiveIdentityTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final SettableClock clock = SettableClock.at(NOON);
    private final AtomicBoolean revokeWhileLooking = new AtomicBoolean();
    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(postgres.dataSource(), LiveSettings.DEFAULTS, clock, this::verdict);
    }

    private Verdict verdict(String token) {
        if (token.equals("user:revoked")) {
            if (revokeWhileLooking.getAndSet(false)) {
                house.engine.revoke(caller -> caller.user().value().equals("user_revoked"));
                return new Verdict.Accepted(LiveHouse.caller("revoked"), NOON.plusSeconds(300), NOON);
            }
            return new Verdict.Refused("The session is over.");
        }
        return switch (LiveHouse.verdict(token)) {
            case Verdict.Accepted accepted -> new Verdict.Accepted(accepted.caller(), NOON.plusSeconds(300), NOON);
            case Verdict.Refused refused -> refused;
            case Verdict.CannotVerify cannot -> cannot;
        };
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aRenewedTokenOfTheSameSessionIsConfirmedAndChangesNothingOnScreen() {
        FakeBrowser ada = FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("user:ada")
                .follow(0, "counters:mine", "{}")
                .awaitResult(0, "[]");
        int runs = house.queryRuns.get();
        ada.authenticate("user:ada")
                .await(
                        "the confirmation",
                        page -> page.framesOf("Transition").stream()
                                .anyMatch(frame ->
                                        frame.at("/endVersion/identity").intValue() == 2));
        assertThat(house.queryRuns).hasValue(runs);
        assertThat(ada.history.get(0L)).containsExactly("[]");
    }

    @Test
    void aRefusedTokenIsAnAuthErrorAndTheSocketIsClosed() {
        FakeBrowser browser =
                FakeBrowser.open(house.engine).connect(0).authenticate("bad").awaitClosed();
        JsonNode error = browser.framesOf("AuthError").getFirst();
        assertThat(error.get("baseVersion").intValue()).isZero();
        assertThat(error.get("authUpdateAttempted").booleanValue()).isTrue();
        assertThat(browser.closeCode).isEqualTo(1008);
        assertThat(browser.framesOf("Transition")).isEmpty();
    }

    @Test
    void aTokenThatCannotBeVerifiedNowIsNeverAnAuthError() {
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("unverifiable")
                .awaitClosed();
        assertThat(browser.framesOf("AuthError")).isEmpty();
        assertThat(browser.closeCode).isEqualTo(1011);
        assertThat(browser.closeReason).startsWith("InternalServerError");
    }

    @Test
    void anAdministratorsKeyIsRefused() {
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .connect(0)
                .raw("{\"type\":\"Authenticate\",\"tokenType\":\"Admin\",\"value\":\"key\",\"baseVersion\":0}")
                .awaitClosed();
        assertThat(browser.framesOf("AuthError")).hasSize(1);
    }

    @Test
    void withoutAuthenticateNobodyIsSignedIn() {
        house.sql("INSERT INTO app.counters VALUES ('mine', 'user_ada', 1) ON CONFLICT DO NOTHING");
        FakeBrowser.open(house.engine)
                .connect(0)
                .follow(0, "counters:mine", "{}")
                .awaitResult(0, "[]");
    }

    @Test
    void aTokenMayBeUsedAWhilePastItsEndAndThenTheSocketEnds() {
        FakeBrowser browser = signedIn();
        clock.set(NOON.plusSeconds(329));
        browser.mutate(0, "counters:nothing", "{}").awaitResolved(0);

        clock.set(NOON.plusSeconds(361));
        browser.awaitClosed();
        JsonNode error = browser.framesOf("AuthError").getFirst();
        assertThat(error.get("authUpdateAttempted").booleanValue()).isFalse();
        assertThat(browser.closeCode).isEqualTo(1008);
    }

    @Test
    void aTokenThatHasLongEndedIsNotTaken() {
        clock.set(NOON.plusSeconds(400));
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("user:ada")
                .awaitClosed();
        assertThat(browser.framesOf("AuthError")
                        .getFirst()
                        .get("authUpdateAttempted")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void revocationEndsTheSocketWithinTheCallAndSparesOthers() {
        FakeBrowser ada = signedIn();
        FakeBrowser ben = FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("user:ben")
                .follow(0, "counters:sum", "{}");
        ben.await("result", b -> b.results.containsKey(0L));

        int ended = house.engine.revoke(caller -> caller.session().value().equals("session_ada"));
        assertThat(ended).isEqualTo(1);
        assertThat(ada.closeCode).isEqualTo(1008);
        assertThat(ada.framesOf("AuthError")
                        .getFirst()
                        .get("authUpdateAttempted")
                        .booleanValue())
                .isFalse();
        assertThat(ben.closeCode).isZero();
        assertThat(house.engine.openSockets()).isEqualTo(1);
    }

    @Test
    void aRevocationWhileATokenIsLookedAtIsNotMissed() {
        revokeWhileLooking.set(true);
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("user:revoked")
                .awaitClosed();
        assertThat(browser.framesOf("AuthError").getFirst().get("error").asString())
                .isEqualTo("The session is over.");
    }

    @Test
    void aRevokedPageGetsNoResponseToWhatItStillHadRunning() {
        FakeBrowser ada = signedIn();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        house.beforeCommit = () -> {
            running.countDown();
            await(hold);
        };
        ada.mutate(0, "counters:add", "{\"name\":\"r\",\"by\":1}")
                .mutate(1, "counters:add", "{\"name\":\"r\",\"by\":1}");
        await(running);
        house.engine.revoke(caller -> true);
        hold.countDown();
        FakeBrowser.open(house.engine)
                .connect(0)
                .follow(0, "counters:get", "{\"name\":\"r\"}")
                .awaitResult(0, "1");
        assertThat(ada.responses).isEmpty();
        assertThat(house.mutationRuns).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{\"type\":\"Connect\",\"sessionId\":\"11111111-1111-1111-1111-111111111111\",\"connectionCount\":0}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":7}",
                "{\"type\":\"ModifyQuerySet\",\"baseVersion\":4,\"newVersion\":5,\"modifications\":[]}",
                "{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,"
                        + "\"modifications\":[{\"type\":\"Remove\",\"queryId\":1}]}"
            })
    void brokenProtocolIsFatalAndClosesTheSocket(String frame) {
        FakeBrowser browser =
                FakeBrowser.open(house.engine).connect(0).raw(frame).awaitClosed();
        assertThat(browser.framesOf("FatalError")).hasSize(1);
        assertThat(browser.closeCode).isEqualTo(1008);
    }

    @Test
    void aChangeBesideARenewedTokenIsNeverMissed() throws Exception {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 0)");
        for (int turn = 1; turn <= 100; turn++) {
            FakeBrowser page = FakeBrowser.open(house.engine)
                    .connect(0)
                    .authenticate("user:ada")
                    .follow(0, "counters:mine", "{}");
            int value = turn;
            Thread writer = Thread.ofPlatform()
                    .start(() -> house.sql("UPDATE app.counters SET value = " + value + " WHERE name = 'a'"));
            if (turn % 2 == 0) {
                page.await("an answer", b -> b.results.containsKey(0L));
            }
            page.authenticate("user:ada");
            page.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":" + value + "}]");
            writer.join();
            page.vanish();
        }
    }

    @Test
    void aPageFromAFarFutureIsToldToReload() {
        FakeBrowser.open(house.engine)
                .connect(0)
                .follow(0, "counters:sum", "{}")
                .await("a tick", b -> b.results.containsKey(0L));
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .raw("{\"type\":\"Connect\",\"sessionId\":\"11111111-1111-1111-1111-111111111111\","
                        + "\"connectionCount\":0,\"maxObservedTimestamp\":\"/////////38=\"}")
                .modify()
                .awaitClosed();
        assertThat(browser.framesOf("FatalError")).hasSize(1);
    }

    @Test
    void aPageALittleAheadOfThisNodeIsSentAwayToComeBack() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).follow(0, "counters:sum", "{}");
        page.await("a tick", b -> b.results.containsKey(0L));
        long ts = dev.lockstep.live.wire.WireTimestamp.decode(
                page.framesOf("Transition").getLast().at("/endVersion/ts").asString());
        FakeBrowser ahead = FakeBrowser.open(house.engine)
                .raw("{\"type\":\"Connect\",\"sessionId\":\"11111111-1111-1111-1111-111111111111\","
                        + "\"connectionCount\":0,\"maxObservedTimestamp\":\""
                        + dev.lockstep.live.wire.WireTimestamp.encode(ts + 1_000_000) + "\"}")
                .modify()
                .awaitClosed();
        assertThat(ahead.framesOf("FatalError")).isEmpty();
        assertThat(ahead.closeCode).isEqualTo(1011);
        assertThat(ahead.closeReason).startsWith("InternalServerError");
    }

    @Test
    void silenceIsBrokenByPingsAndASocketThatSaysNothingIsClosed() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0);
        FakeBrowser mute = FakeBrowser.open(house.engine);
        clock.advance(Duration.ofSeconds(16));
        browser.await(
                "a Ping",
                b -> b.frames.stream().anyMatch(f -> f.get("type").asString().equals("Ping")));
        mute.awaitClosed();
        assertThat(mute.closeReason).isEqualTo("NoConnectMessage");
    }

    @Test
    void aDeadSocketIsClosedWhenNothingGetsThrough() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0);
        browser.unsent = 1;
        clock.advance(Duration.ofSeconds(16));
        browser.await(
                "a look",
                b -> b.frames.stream().anyMatch(f -> f.get("type").asString().equals("Ping")));
        clock.advance(Duration.ofSeconds(61));
        browser.awaitClosed();
        assertThat(browser.closeReason).isEqualTo("SystemTimeoutError");
    }

    @Test
    void aMessageThatIsTooLongClosesTheSocket() {
        FakeBrowser browser = FakeBrowser.open(house.engine)
                .connect(0)
                .raw("x".repeat((1 << 20) + 1))
                .awaitClosed();
        assertThat(browser.closeCode).isEqualTo(1009);
    }

    @Test
    void aNodeThatStopsSendsItsPagesAway() {
        FakeBrowser browser = signedIn();
        house.engine.close();
        assertThat(browser.closeCode).isEqualTo(1012);
    }

    private FakeBrowser signedIn() {
        return FakeBrowser.open(house.engine)
                .connect(0)
                .authenticate("user:ada")
                .follow(0, "counters:sum", "{}")
                .await("result", b -> b.results.containsKey(0L));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
