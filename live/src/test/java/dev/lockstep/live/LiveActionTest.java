package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.client.LiveActionTimedOut;
import dev.lockstep.live.function.ActionCallFailed;
import dev.lockstep.live.function.ActionFunction;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class LiveActionTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final CountDownLatch late = new CountDownLatch(1);
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
    void anActionCallsMutationsAsTheCallerAndWhatTheyDidIsLive() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).authenticate("user:ada");
        browser.follow(0, "counters:get", "{\"name\":\"a\"}").awaitResult(0, "null");
        assertThat(act(browser, 0, "counters:addTwice", "{\"name\":\"a\"}")
                        .get("result")
                        .doubleValue())
                .isEqualTo(2);
        browser.awaitResult(0, "2").follow(1, "counters:mine", "{}");
        browser.awaitResult(1, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":2}]");
    }

    @Test
    void anApplicationErrorOfACalledFunctionKeepsItsData() {
        JsonNode reply = act(FakeBrowser.open(house.engine).connect(0).modify(), 0, "counters:refused", "{}");
        assertThat(reply.get("success").booleanValue()).isFalse();
        assertThat(reply.at("/errorData/code").asString()).isEqualTo("FORBIDDEN");
    }

    @Test
    void anActionMayAskWhatTheWireMayNot() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).modify();
        assertThat(act(browser, 0, "counters:secretly", "{}").get("result").asString())
                .isEqualTo("secret");
        assertThat(act(browser, 1, "counters:secret", "{}").get("result").asString())
                .isEqualTo("There is no public action 'counters:secret' on this server");
    }

    @Test
    void wrongArgumentsAreToldAndTheSocketStays() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).modify();
        assertThat(act(browser, 0, "counters:addTwice", "{\"name\":1}")
                        .get("result")
                        .asString())
                .isEqualTo("ArgumentError: Field 'name' must be text");
        assertThat(act(browser, 1, "counters:addTwice", "{\"name\":\"b\"}")
                        .get("success")
                        .booleanValue())
                .isTrue();
        assertThat(browser.closeCode).isZero();
    }

    @Test
    void anActionThatTakesTooLongIsInterruptedToldAndCanDoNothingMore() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch never = new CountDownLatch(1);
        try (LiveHouse strict = strict((context, args) -> {
            context.mutation("rows:add", Map.of());
            try {
                never.await();
            } catch (InterruptedException e) {
                heard.add("interrupted");
            }
            try {
                context.mutation("rows:add", Map.of());
            } catch (ActionCallFailed e) {
                heard.add(e.getMessage());
            }
            return null;
        })) {
            FakeBrowser browser = FakeBrowser.open(strict.engine).connect(0).follow(0, "rows:all", "{}");
            JsonNode reply = act(browser, 0, "rows:slow", "{}");
            assertThat(reply.get("success").booleanValue()).isFalse();
            assertThat(reply.at("/errorData/code").asString()).isEqualTo("ACTION_TIMED_OUT");
            assertThat(reply.at("/errorData/limitMs").doubleValue()).isEqualTo(300);
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("interrupted");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).contains("time of this action is up");
            browser.awaitResult(0, "1");
            assertThat(browser.closeCode).isZero();
        }
    }

    @Test
    void anActionIsNotInterruptedWithinAMutationWhichEndsAsItWouldHave() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (LiveHouse strict = strict((context, args) -> {
            context.mutation("rows:addLate", Map.of());
            heard.add(Thread.interrupted() ? "interrupted afterwards" : "not interrupted");
            return null;
        })) {
            FakeBrowser browser = FakeBrowser.open(strict.engine).connect(0).follow(0, "rows:all", "{}");
            assertThat(act(browser, 0, "rows:slow", "{}").at("/errorData/code").asString())
                    .isEqualTo("ACTION_TIMED_OUT");
            late.countDown();
            browser.awaitResult(0, "1");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("interrupted afterwards");
        }
    }

    @Test
    void theJavaClientHasATypeForAnActionThatTookTooLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (LiveHouse strict = strict((context, args) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        })) {
            SyncServer.toOneClient(
                    strict,
                    client -> assertThatThrownBy(() -> client.action("rows:slow", Map.of())
                                    .thenApply(result -> result)
                                    .get(20, TimeUnit.SECONDS))
                            .cause()
                            .isInstanceOf(LiveActionTimedOut.class));
        }
    }

    /** A house that gives an action 300 ms. */
    private LiveHouse strict(ActionFunction slow) {
        String insert = "INSERT INTO app.counters VALUES (gen_random_uuid()::text, 'x', 1)";
        LiveFunctions functions = LiveFunctions.builder()
                .query(
                        "rows:all",
                        (context, args) -> context.sql(
                                        List.of(Dependency.table("app.counters")),
                                        "SELECT count(*)::int AS total FROM app.counters")
                                .first()
                                .orElseThrow()
                                .value("total"))
                .mutation(
                        "rows:add", (context, args) -> context.tx().sql(insert).update())
                .mutation("rows:addLate", (context, args) -> {
                    try {
                        late.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return context.tx().sql(insert).update();
                })
                .action("rows:slow", slow)
                .build();
        return new LiveHouse(
                postgres.dataSource(),
                LiveSettings.DEFAULTS.withActionTimeout(Duration.ofMillis(300)),
                InstantSource.system(),
                LiveHouse::verdict,
                functions);
    }

    private static JsonNode act(FakeBrowser browser, long requestId, String path, String args) {
        browser.act(requestId, path, args)
                .await(
                        "the reply to action " + requestId,
                        b -> b.frames.stream().anyMatch(frame -> isReply(frame, requestId)));
        return browser.framesOf("ActionResponse").stream()
                .filter(frame -> isReply(frame, requestId))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isReply(JsonNode frame, long requestId) {
        return frame.get("type").asString().equals("ActionResponse")
                && frame.get("requestId").longValue() == requestId;
    }
}
